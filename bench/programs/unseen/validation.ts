type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: string[] };
type Check<T> = (input: unknown, path: string) => Result<T>;
type Checked<C> = C extends Check<infer T> ? T : never;

function good<T>(value: T): Result<T> {
  return { ok: true, value };
}
const bad = (...problems: string[]): Result<never> => ({ ok: false, problems });

const text: Check<string> = (input, path) =>
  typeof input === 'string' ? good(input) : bad(`${path}: no text`);
const between =
  (low: number, high: number): Check<number> =>
  (input, path) =>
    typeof input === 'number' && input >= low && input <= high
      ? good(input)
      : bad(`${path}: not in ${low}…${high}`);
function list<T>(check: Check<T>): Check<T[]> {
  return (input, path) => {
    if (!Array.isArray(input)) return bad(`${path}: no list`);
    const results = input.map((item, index) => check(item, `${path}[${index}]`));
    const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
    return problems.length > 0
      ? bad(...problems)
      : good(results.flatMap((result) => (result.ok ? [result.value] : [])));
  };
}
const person = (input: unknown, path: string): Result<{ name: string; age: number; mails: string[] }> => {
  if (typeof input !== 'object' || input === null) return bad(`${path}: no object`);
  const { name, age, mails } = input as Record<string, unknown>;
  const parts = [
    text(name, `${path}.name`),
    between(0, 130)(age, `${path}.age`),
    list(text)(mails, `${path}.mails`),
  ] as const;
  const [a, b, c] = parts;
  if (a.ok && b.ok && c.ok) return good({ name: a.value, age: b.value, mails: c.value });
  return bad(...parts.flatMap((part) => (part.ok ? [] : part.problems)));
};
type Person = Checked<typeof person>;

const inputs = [
  '{"name":"Ida","age":33,"mails":["i@x.org"]}',
  '{"name":5,"age":200,"mails":["a",2,false]}',
  '[]',
  '{"name"',
];
for (const input of inputs) {
  try {
    const result = person(JSON.parse(input), '$');
    const greet = ({ name, mails: [first = 'none'] }: Person) => `${name} <${first}>`;
    console.log(result.ok ? greet(result.value) : result.problems.join('; '));
  } catch (error) {
    console.log(error instanceof SyntaxError, (error as Error).name);
  }
}
