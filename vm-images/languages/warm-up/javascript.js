// Walks what programs often use, so that a program finds it translated and compiled. Leaves nothing behind.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import util from 'node:util';

class Shape {
  #name;
  static count = 0;
  constructor(name) {
    this.#name = name;
    Shape.count++;
  }
  get name() {
    return this.#name;
  }
  area() {
    return 0;
  }
  toString() {
    return `${this.name} of ${this.area().toFixed(2)}`;
  }
}
class Circle extends Shape {
  constructor(radius) {
    super('circle');
    this.radius = radius;
  }
  area() {
    return Math.PI * this.radius ** 2;
  }
}

function fibonacci(n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
function* squares(limit) {
  for (let n = 0; n < limit; n++) yield n * n;
}
const compose =
  (...functions) =>
  (value) =>
    functions.reduceRight((result, next) => next(result), value);

function collections() {
  const numbers = Array.from({ length: 40 }, (_, index) => (index * 37) % 41);
  const sorted = [...numbers].sort((a, b) => a - b);
  const total = numbers
    .filter((n) => n % 2 === 0)
    .map((n) => n * 3)
    .reduce((sum, n) => sum + n, 0);
  const groups = Object.groupBy(numbers, (n) => (n % 3 === 0 ? 'three' : 'other'));
  const counts = new Map();
  for (const letter of 'the quick brown fox jumps over the lazy dog')
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const unique = new Set(numbers.map((n) => n % 7));
  const table = Object.fromEntries([...counts].slice(0, 4));
  const { three: [first] = [], ...others } = groups;
  console.log(sorted.slice(0, 5), total, first, Object.keys(others), unique.size, table, numbers.indexOf(5));
  console.log(
    [
      [1, 2],
      [3, [4]],
    ].flat(2),
    numbers.at(-1),
    [3, 1, 2].toSorted(),
    new Float64Array([1.5, 2]).join('|'),
  );
  console.table([{ a: 1, b: 'x' }]);
}

function text() {
  const words = '  Alpha, beta;GAMMA délta 数字 🙂 '.trim().split(/[,; ]+/u);
  const upper = words.map((word) => word[0].toUpperCase() + word.slice(1).toLowerCase()).join('-');
  const dates = '2024-01-31 and 2023-12-25'.replace(/(?<y>\d{4})-(\d\d)-(\d\d)/g, '$3/$2/$<y>');
  const matches = [...dates.matchAll(/\d+/g)].map(({ 0: match, index }) => `${index}:${match}`);
  const json = JSON.stringify({ words, nested: { ok: true, none: null, n: 1.5e10 } }, null, 2);
  console.log(upper, dates, matches.length, JSON.parse(json).nested, 'ab'.padStart(5, '*').repeat(2));
  console.log(
    `%s is %d and %o`,
    'x',
    42,
    { deep: { er: [1, { most: true }] } },
    (1234567.891).toLocaleString(),
  );
  console.log(new Date(0).toISOString(), new Date(2024, 1, 29).getDay(), 0xff, 2n ** 64n);
  console.log(
    util.inspect(new Map([['k', new Set([1])]])),
    Symbol('s'),
    [undefined, null, NaN, -0],
    /re/g,
    () => 1,
  );
  console.log(encodeURIComponent('a b&c'), new URL('http://h/p?q=1').searchParams.get('q'), btoa('hi'));
}

function failures() {
  try {
    null.property;
  } catch (error) {
    console.error(error.message, error instanceof TypeError);
  }
  try {
    throw new RangeError('wrong', { cause: new Error('deeper') });
  } catch (error) {
    console.error(error);
  } finally {
    assert.deepStrictEqual({ a: [1] }, { a: [1] });
  }
}

function files() {
  mkdirSync('warm-up/deep', { recursive: true });
  writeFileSync('warm-up/deep/a.txt', 'one\ntwo\n');
  const lines = readFileSync(path.join('warm-up', 'deep', 'a.txt'), 'utf8').split('\n');
  console.log(lines.length, statSync('warm-up').isDirectory(), readdirSync('warm-up'), path.extname('a.txt'));
  console.log(
    Buffer.from('héllo').toString('base64'),
    createHash('sha256').update('x').digest('hex').slice(0, 8),
  );
  console.log(randomUUID().length, os.EOL.length, process.argv.length, process.env.HOME, process.cwd());
}

collections();
text();
failures();
files();
console.log(
  String(new Circle(2)),
  Shape.count,
  fibonacci(12),
  [...squares(4)],
  compose((n) => n + 1, Math.sqrt)(16),
);
console.log(
  require('node:path').basename('/a/b'),
  typeof structuredClone({ a: 1 }),
  new Proxy({}, {}) !== null,
);

const emitter = new EventEmitter();
emitter.once('done', (value) => console.log('done', value));
emitter.emit('done', 1);
const results = await Promise.all([
  sleep(1, 'slept'),
  Promise.resolve(2),
  readFile('warm-up/deep/a.txt', 'utf8'),
]);
const settled = await Promise.allSettled([
  Promise.reject(new Error('no')),
  new Promise((done) => setTimeout(done, 1)),
]);
console.log(results, settled[0].status, await new Promise((done) => setImmediate(done, 'now')));
queueMicrotask(() => process.stdout.write('microtask\n'));
for await (const part of (async function* () {
  yield 1;
  yield 2;
})())
  console.log(part);
console.log(spawnSync('true').status, Math.max(...squares(5)), Math.random() < 1, performance.now() > 0);
rmSync('warm-up', { recursive: true });
