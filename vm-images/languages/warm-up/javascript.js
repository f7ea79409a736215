// Walks what programs use most, so that a program finds it translated; each feature more costs every refill its
// translation. Leaves nothing behind.
import path from 'node:path';

class Shape {
  constructor(name) {
    this.name = name;
  }
  toString() {
    return `${this.name.toUpperCase()} ${(1.5).toFixed(2)}`;
  }
}
const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
const numbers = [5, 3, 9].map((n) => n * 2).filter((n) => n > 6);
const counts = new Map();
for (const word of 'the cat the'.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
console.log(
  numbers.sort((a, b) => a - b),
  fibonacci(5),
  String(new Shape('a')),
  counts,
  path.basename('/a/b'),
);
console.log(
  JSON.stringify({ list: [1, 'two'], at: JSON.parse('{"n": 1}').n }),
  'x-1'.replace(/(\w)-(\d)/, '$2$1'),
);
try {
  null.property;
} catch (error) {
  console.error(error.message);
}
await new Promise((resolve) => setTimeout(resolve, 1));
