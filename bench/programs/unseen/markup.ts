type Inline = readonly [pattern: RegExp, render: (...groups: string[]) => string];
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const sanitize = (text: string): string => text.replace(/[&<>]/g, (char) => escapes[char] ?? char);

const inlines: readonly Inline[] = [
  [/\*\*(.+?)\*\*/g, (_, inner = '') => `<b>${inner}</b>`],
  [/_(\w[^_]*)_/g, (_, inner = '') => `<i>${inner}</i>`],
  [/`([^`]+)`/g, (_, inner = '') => `<code>${inner}</code>`],
  [/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label = '', target = '') => `<a href="${target}">${label}</a>`],
];
const inline = (text: string): string =>
  inlines.reduce((line, [pattern, render]) => line.replace(pattern, render), sanitize(text));

function* blocks(source: string): Generator<string, number, undefined> {
  let items: string[] = [];
  let count = 0;
  for (const line of [...source.split('\n'), '']) {
    const item = /^[-*] (?<text>.+)$/.exec(line)?.groups?.['text'];
    if (item !== undefined) {
      items.push(`<li>${inline(item)}</li>`);
      continue;
    }
    if (items.length > 0) {
      yield `<ul>${items.join('')}</ul>`;
      items = [];
      count += 1;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) yield `<h${heading[1]?.length}>${inline(heading[2] ?? '')}</h${heading[1]?.length}>`;
    else if (line.trim() !== '') yield `<p>${inline(line)}</p>`;
    else continue;
    count += 1;
  }
  return count;
}
const source = `# A **bold** title
Text with _leaning_ words & \`a < b\`.
- first [link](http://example.org/a)
- second

### Deep`;
const rendering = blocks(source);
for (let next = rendering.next(); ; next = rendering.next()) {
  if (next.done) {
    console.log('blocks:', next.value);
    break;
  }
  console.log(next.value);
}
