function power(base, exponent, modulus) {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}
function isProbablyPrime(n) {
  if (n < 4n) return n > 1n;
  if (n % 2n === 0n) return false;
  let [odd, twos] = [n - 1n, 0];
  while (odd % 2n === 0n) {
    odd /= 2n;
    twos++;
  }
  witnesses: for (const base of [2n, 3n, 5n, 7n, 11n, 13n]) {
    if (n === base) return true;
    let x = power(base, odd, n);
    if (x === 1n || x === n - 1n) continue;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n;
      if (x === n - 1n) continue witnesses;
    }
    return false;
  }
  return true;
}
const mersenne = [13, 17, 19, 23, 31, 61, 67, 89].map((p) => [p, isProbablyPrime(2n ** BigInt(p) - 1n)]);
console.log(mersenne.map(([p, yes]) => `${p}${yes ? '+' : '-'}`).join(' '));
const factorial = (n) => (n ? BigInt(n) * factorial(n - 1) : 1n);
console.log(`${factorial(30)}`, factorial(25).toString(36), BigInt.asUintN(16, -1n));
const pad = (strings, ...values) =>
  strings.reduce((text, part, i) => text + `${values[i - 1]}`.padStart(6, '_') + part);
console.log(
  pad`a${12n}b${0x7ff}c`,
  Number.MAX_SAFE_INTEGER,
  0.1 + 0.2,
  (1234.5678).toExponential(2),
  Number('0b101'),
);
let turns = 0;
do {
  turns += 1;
  switch (turns % 3) {
    case 0:
      console.log('third', turns);
      break;
    default:
      continue;
  }
} while (turns < 6);
