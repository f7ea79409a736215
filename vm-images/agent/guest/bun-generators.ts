/**
 * The random generators inside a running Bun, and how each is made to start anew from the kernel's: a clone of
 * a machine would otherwise draw what every other clone draws.
 *
 * - `Math.random` of the main realm: seeded through bun:jsc.
 * - JavaScriptCore's own generator (RC4), which seeds `Math.random` of each new realm: vm contexts, workers. Its state is
 *   a permutation of all bytes, which is replaced by one that is drawn from the kernel's generator. Making a realm to see what
 *   it draws would take longer than all the rest.
 * - BoringSSL's: takes a new seed after a fork, which it notices by a page that the kernel wipes in a child
 *   (MADV_WIPEONFORK), so that page is wiped.
 * - What Bun has drawn ahead for randomUUID and getRandomValues, 2048 bytes: drawn until none is left.
 */
import { setRandomSeed } from 'bun:jsc';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

/** More than Bun draws ahead, in the largest pieces that it gives of it: bytes in each, and pieces. */
const DRAWN_AHEAD_PIECE = 256;
const DRAWN_AHEAD_PIECES = 9;
/** Of RC4's permutation. */
const KEY_BYTES = 256;
/** Bytes that the generator gives out before it stirs its permutation: its counter begins there. */
const BYTES_PER_KEY = 1_600_000;
/** What is left of them at least, soon after the process has started. */
const FEW_DRAWN = 1_500_000;

type Range = { readonly start: number; readonly end: number };

/** Finds the generators, once; `reseed` is then cheap. */
export class Generators {
  /** Addresses of the RC4 generator's permutation and of the pages that a fork wipes. */
  readonly #permutation: number;
  readonly #wiped: readonly Range[];

  /** @throws When this Bun's generators are not where they are looked for: its clones would be alike. */
  constructor() {
    // Both come to be with their first use.
    randomBytes(1);
    runInNewContext('0');
    this.#permutation = findPermutation();
    this.#wiped = wipedOnFork();
    if (this.#wiped.length === 0) throw new Error('no page tells BoringSSL of a fork');
  }

  /** Makes every generator start anew. @returns Draws of each in hexadecimal. */
  reseed(): string {
    const memory = openSync('/proc/self/mem', 'r+');
    const kernel = openSync('/dev/urandom', 'r');
    const permutation = drawPermutation(kernel);
    writeSync(memory, permutation, 0, KEY_BYTES, this.#permutation);
    for (const { start, end } of this.#wiped)
      writeSync(memory, new Uint8Array(end - start), 0, end - start, start);
    // What the generator has now, read back.
    const state = new Uint8Array(KEY_BYTES);
    readSync(memory, state, 0, KEY_BYTES, this.#permutation);
    closeSync(memory);
    const seed = new DataView(new ArrayBuffer(4));
    readSync(kernel, seed, 0, 4, null);
    closeSync(kernel);
    setRandomSeed(seed.getUint32(0));
    const piece = new Uint8Array(DRAWN_AHEAD_PIECE);
    for (let draw = 0; draw < DRAWN_AHEAD_PIECES; draw++) crypto.getRandomValues(piece);
    const draws = [
      Math.random(),
      Buffer.from(state).toString('hex'),
      randomUUID(),
      Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
      randomBytes(16).toString('hex'),
    ];
    return createHash('sha256').update(draws.join(' ')).digest('hex');
  }
}

/**
 * Draws a permutation of all bytes, each with the same probability: they are sorted by random numbers of 56 bits, two of
 * which are the same once in 2^41 times. The sort is the engine's own; a shuffle in JavaScript took three times as long.
 * @param kernel The kernel's generator, open for reading.
 */
function drawPermutation(kernel: number): Uint8Array {
  const numbers = new BigUint64Array(KEY_BYTES);
  readSync(kernel, numbers, 0, numbers.byteLength, null);
  const bytes = new Uint8Array(numbers.buffer);
  const permutation = new Uint8Array(KEY_BYTES);
  // The lowest byte of each comes first.
  for (let byte = 0; byte < KEY_BYTES; byte++) bytes[byte * 8] = byte;
  numbers.sort();
  for (let at = 0; at < KEY_BYTES; at++) permutation[at] = bytes[at * 8] ?? 0;
  return permutation;
}

/** Where the generator's permutation, with its counter right behind it, is among the executable's variables. */
function findPermutation(): number {
  const memory = openSync('/proc/self/mem', 'r');
  try {
    for (const { start, end } of executableVariables()) {
      const words = new Int32Array((end - start) / 4);
      readSync(memory, words, 0, words.byteLength, start);
      const bytes = new Uint8Array(words.buffer);
      for (let index = 0; index < words.length; index++) {
        const left = words[index] ?? 0;
        if (left <= FEW_DRAWN || left > BYTES_PER_KEY) continue;
        const found = permutationBefore(bytes, index * 4);
        if (found !== undefined) return start + found;
      }
    }
  } finally {
    closeSync(memory);
  }
  throw new Error("JavaScriptCore's generator is not found");
}

/** Where the permutation of all bytes begins that ends at `end`, but for the padding that aligns a number there. */
function permutationBefore(bytes: Uint8Array, end: number): number | undefined {
  for (let padding = 0; padding < 4; padding++) {
    const start = end - padding - KEY_BYTES;
    if (start >= 0 && new Set(bytes.subarray(start, end - padding)).size === KEY_BYTES) return start;
  }
  return undefined;
}

/** The executable's variables: the initialised ones and, right behind them, the others, perhaps with the heap. */
function executableVariables(): readonly Range[] {
  const ranges: Range[] = [];
  let endOfExecutable = 0;
  for (const line of readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const [, from = '', to = '', access = '', path = ''] =
      /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
    const range = { start: Number.parseInt(from, 16), end: Number.parseInt(to, 16) };
    const isBehind = range.start === endOfExecutable && (path === '' || path === '[heap]');
    if (path !== process.execPath && !isBehind) continue;
    endOfExecutable = range.end;
    if (access.startsWith('rw')) ranges.push(range);
  }
  return ranges;
}

/** Memory that the kernel gives to a forked child as zeros. */
function wipedOnFork(): readonly Range[] {
  const mappings = readFileSync('/proc/self/smaps', 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  return mappings.flatMap((mapping) => {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(mapping) ?? [];
    if (from === '' || !/^VmFlags:.* wf\b/m.test(mapping)) return [];
    return [{ start: Number.parseInt(from, 16), end: Number.parseInt(to, 16) }];
  });
}
