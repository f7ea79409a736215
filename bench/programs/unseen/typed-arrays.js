const limit = 5000;
const composite = new Uint8Array(limit + 1);
const primes = [];
for (let n = 2; n <= limit; n++) {
  if (composite[n]) continue;
  primes.push(n);
  for (let m = n * n; m <= limit; m += n) composite[m] = 1;
}
console.log(primes.length, primes.slice(-3).join(' '));

const size = 24;
const left = Float64Array.from({ length: size * size }, (_, i) => (i % 7) - 3);
const right = Float64Array.from({ length: size * size }, (_, i) => (i % 5) / 2);
const product = new Float64Array(size * size);
for (let r = 0; r < size; r++) {
  for (let c = 0; c < size; c++) {
    let cell = 0;
    for (let k = 0; k < size; k++) cell += left[r * size + k] * right[k * size + c];
    product[r * size + c] = cell;
  }
}
console.log(
  product.reduce((all, cell) => all + cell, 0),
  Math.max(...product),
  product.indexOf(0),
);
const view = new DataView(new ArrayBuffer(16));
view.setFloat64(0, Math.PI);
view.setBigInt64(8, -5n, true);
console.log([...new Uint8Array(view.buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
let checksum = 0x811c9dc5;
for (const byte of new TextEncoder().encode('fnv-1a over ünïcode'))
  checksum = Math.imul(checksum ^ byte, 0x01000193) >>> 0;
console.log(checksum.toString(16), Math.clz32(checksum), checksum >>> 28, ~checksum & 0xff);
console.log(
  new Int16Array([70000, -1]).join(),
  new Uint8ClampedArray([300, -4, 1.5]).join(),
  Math.hypot(3, 4),
  Math.trunc(-4.7),
);
