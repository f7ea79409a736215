// Loops that are hot enough for each tier of the just-in-time compiler, and garbage enough for the collector.
const sieve = (limit) => {
  const composite = new Uint8Array(limit + 1);
  let count = 0;
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    count += 1;
    for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1;
  }
  return count;
};

const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

function quickSort(values, low = 0, high = values.length - 1) {
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left += 1;
      while (values[right] > pivot) right -= 1;
      if (left <= right) {
        const held = values[left];
        values[left++] = values[right];
        values[right--] = held;
      }
    }
    quickSort(values, low, right);
    low = left;
  }
  return values;
}

class Vector {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  plus(other) {
    return new Vector(this.x + other.x, this.y + other.y);
  }

  get length() {
    return Math.sqrt(this.x * this.x + this.y * this.y);
  }
}

function queens(size, row = 0, columns = 0, left = 0, right = 0) {
  if (row === size) return 1;
  let solutions = 0;
  for (let free = ~(columns | left | right) & ((1 << size) - 1); free; free &= free - 1) {
    const place = free & -free;
    solutions += queens(size, row + 1, columns | place, (left | place) << 1, (right | place) >> 1);
  }
  return solutions;
}

function editDistance(from, to) {
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++)
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1));
    above = row;
  }
  return above[to.length];
}

let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

console.log(sieve(60_000), fibonacci(19), queens(7));
console.log(quickSort(Array.from({ length: 4000 }, random))[17].toFixed(6));
let walk = new Vector(0, 0);
for (let step = 0; step < 8000; step++) walk = walk.plus(new Vector(random() - 0.5, random() - 0.5));
console.log(walk.length < 1000, editDistance('kitten sitting on the mat'.repeat(2), 'sitting kitten at the mall'.repeat(2)));

const words = new Map();
for (let n = 0; n < 5000; n++) {
  const word = `w${(n * 31) % 257}`;
  words.set(word, (words.get(word) ?? 0) + 1);
}
const ranked = [...words].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 3);
const table = {};
for (let n = 0; n < 3000; n++) table[`key${n % 500}`] = { n, text: `value ${n}`, list: [n, n + 1] };
console.log(ranked, Object.keys(table).length, JSON.stringify(table).length, JSON.parse(JSON.stringify(table)).key3.list);

let garbage = 0;
for (let round = 0; round < 60; round++) {
  const chunk = Array.from({ length: 1000 }, (_, at) => ({ at, name: `object ${at}`, half: at / 2 }));
  garbage += chunk.filter(({ at }) => at % 3 === 0).map(({ half }) => half).reduce((sum, half) => sum + half, 0);
}
let text = '';
for (let n = 0; n < 5000; n++) text += String.fromCharCode(97 + (n % 26));
const letters = {};
for (const letter of text) letters[letter] = (letters[letter] || 0) + 1;
const matches = text.match(/[aeiou][^aeiou]+/g).length;
let grid = Array.from({ length: 24 }, () => Array.from({ length: 24 }, () => random() < 0.3));
for (let generation = 0; generation < 8; generation++)
  grid = grid.map((row, y) =>
    row.map((alive, x) => {
      let near = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) if ((dx || dy) && grid[y + dy]?.[x + dx]) near += 1;
      return near === 3 || (alive && near === 2);
    }),
  );
console.log(garbage, letters.e, matches, grid.flat().filter(Boolean).length > 0);
const left = Array.from({ length: 28 }, (_, y) => Array.from({ length: 28 }, (_, x) => x * y + 0.5));
const product = left.map((row) => left[0].map((_, x) => row.reduce((sum, value, at) => sum + value * left[at][x], 0)));
let collatz = 0;
for (let start = 1; start < 3000; start++) for (let n = start; n > 1; n = n % 2 ? 3 * n + 1 : n / 2) collatz += 1;
console.log(product[3][4], collatz, [..."stressed"].reduce((all, letter) => letter + all, ''));
