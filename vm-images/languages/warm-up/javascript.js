// Walks what programs use most, so that a program finds it translated and compiled; each feature more costs
// every refill its translation. Leaves nothing behind.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

class Shape {
  #name;
  constructor(name) {
    this.#name = name;
  }
  get name() {
    return this.#name;
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

const numbers = Array.from({ length: 20 }, (_, index) => (index * 7) % 11);
const sorted = [...numbers].sort((a, b) => a - b);
const total = numbers
  .filter((n) => n % 2 === 0)
  .map((n) => n * 3)
  .reduce((sum, n) => sum + n, 0);
const counts = new Map();
for (const letter of 'the quick brown fox') counts.set(letter, (counts.get(letter) ?? 0) + 1);
const { t: first, ...others } = Object.fromEntries(counts);
console.log(sorted, total, first, Object.keys(others).length, new Set(numbers).size, counts);
console.log(String(new Circle(2)), fibonacci(12), [...squares(4)], Math.max(...numbers), Math.random() < 1);

const words = ' Alpha, beta;GAMMA délta 🙂 '.trim().split(/[,; ]+/u);
const upper = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('-');
const dates = '2024-01-31'.replace(/(\d+)-(\d+)-(\d+)/, '$3/$2/$1');
const json = JSON.stringify({ words, nested: { ok: true, none: null, n: 1.5 } }, null, 2);
console.log(upper, dates, JSON.parse(json).nested, { list: [1, 'two', { three: [3] }] }, 'ab'.padStart(5));
console.log(`%s is %d`, 'x', 42, 0xff, new Date(0).toISOString(), undefined, null, () => 1);

try {
  null.property;
} catch (error) {
  console.error(error.message, error instanceof TypeError);
}
writeFileSync('warm-up.txt', 'one\ntwo\n');
console.log(readFileSync(path.join('.', 'warm-up.txt'), 'utf8').split('\n').length, process.argv.length);
rmSync('warm-up.txt');

const delay = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
console.log(await Promise.all([delay(1, 'slept'), Promise.resolve(2)]), typeof require('node:fs'));
process.stdout.write('done\n');
