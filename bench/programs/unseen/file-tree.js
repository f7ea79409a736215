const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tree-'));
const write = (name, text) => {
  const file = path.resolve(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};
write('notes/todo.txt', 'buy milk\nfeed cat\n');
write('notes/old/done.txt', 'sleep\n');
write(
  'data/points.json',
  JSON.stringify(
    {
      points: [
        [1, 2],
        [3, 4],
      ],
    },
    null,
    2,
  ),
);
fs.appendFileSync(path.join(root, 'notes/todo.txt'), 'call home\n');
fs.renameSync(path.join(root, 'notes/old/done.txt'), path.join(root, 'notes/old/archive.log'));

function* walk(folder, depth = 0) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name > other.name ? 1 : -1));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    yield { depth, name: entry.name, bytes: entry.isFile() ? fs.statSync(full).size : undefined };
    if (entry.isDirectory()) yield* walk(full, depth + 1);
  }
}
let bytes = 0;
for (const node of walk(root)) {
  bytes += node.bytes ?? 0;
  console.log('  '.repeat(node.depth) + node.name + (node.bytes === undefined ? '/' : ` ${node.bytes} B`));
}
const { points } = JSON.parse(fs.readFileSync(path.join(root, 'data', 'points.json'), 'utf8'));
console.log(
  bytes,
  points.flat().reduce((product, n) => product * n),
  path.extname('a/b.tar.gz'),
  path.relative('/x/y', '/x/z'),
);
fs.rmSync(root, { recursive: true });
console.log(fs.existsSync(root));
