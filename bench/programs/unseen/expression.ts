type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };
type Node =
  | { readonly type: 'literal'; readonly value: number }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'binary'; readonly sign: string; readonly left: Node; readonly right: Node };

class SyntaxProblem extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at ${at}`);
    this.name = 'SyntaxProblem';
    this.at = at;
  }
}

function tokenize(text: string): Token[] {
  const pattern = /\s*(?:(\d+(?:\.\d+)?)|([a-z]+)|([-+*/^()]))/y;
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new SyntaxProblem(`what is "${text[at] ?? ''}"`, at);
    if (match[1] !== undefined) tokens.push({ kind: 'number', value: Number(match[1]) });
    else if (match[2] !== undefined) tokens.push({ kind: 'name', text: match[2] });
    else tokens.push({ kind: 'sign', text: match[3] ?? '' });
  }
  return tokens;
}

const BINDING: Record<string, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 3 };

function parse(tokens: Token[], least = 0): Node {
  const token = tokens.shift();
  let left: Node;
  if (token?.kind === 'number') left = { type: 'literal', value: token.value };
  else if (token?.kind === 'name') left = { type: 'variable', name: token.text };
  else if (token?.text === '(') {
    left = parse(tokens);
    tokens.shift();
  } else throw new SyntaxProblem('nothing to work with', tokens.length);
  for (;;) {
    const next = tokens[0];
    const binding = next?.kind === 'sign' ? (BINDING[next.text] ?? -1) : -1;
    if (next?.kind !== 'sign' || binding < least) return left;
    tokens.shift();
    const right = parse(tokens, next.text === '^' ? binding : binding + 1);
    left = { type: 'binary', sign: next.text, left, right };
  }
}

function evaluate(node: Node, scope: Readonly<Record<string, number>>): number {
  switch (node.type) {
    case 'literal':
      return node.value;
    case 'variable':
      return scope[node.name] ?? Number.NaN;
    case 'binary': {
      const [a, b] = [evaluate(node.left, scope), evaluate(node.right, scope)];
      const signs: Record<string, () => number> = {
        '+': () => a + b,
        '-': () => a - b,
        '*': () => a * b,
        '/': () => a / b,
        '^': () => a ** b,
      };
      return signs[node.sign]?.() ?? 0;
    }
  }
}
for (const text of ['1 + 2 * 3', '(1 + 2) * x', '2 ^ 3 ^ 2', 'x / y - 4', '7 $ 2']) {
  try {
    console.log(text, '=', evaluate(parse(tokenize(text)), { x: 10, y: 4 }));
  } catch (error) {
    if (error instanceof SyntaxProblem) console.log(text, '→', error.message, error.at);
  }
}
