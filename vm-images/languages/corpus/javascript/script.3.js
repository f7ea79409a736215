// A program that ends itself with a status of its own.
const fs = require('fs');
const input = fs.readFileSync(0, 'utf8').trim().split('\n').map((line) => line.split(',').map(Number));
const sums = input.map((row) => row.reduce((a, b) => a + b));
console.log(sums, Math.max.apply(null, sums));
if (sums.some(Number.isNaN)) {
  console.error('not a number in row', sums.findIndex(Number.isNaN) + 1);
  process.exit(3);
}
