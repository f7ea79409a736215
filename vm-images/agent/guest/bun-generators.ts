/**
 * The random generators inside a running Bun, and how each is made to start anew from the kernel's: a clone of
 * a machine would otherwise draw what every other clone draws.
 *
 * - `Math.random` of the main realm: seeded through bun:jsc.
 * - JavaScriptCore's own generator (RC4), which seeds `Math.random` of each new realm: vm contexts, workers. It
 *   takes a new key from the kernel when its byte counter has run out, so the counter is set to that.
 * - BoringSSL's: takes a new seed after a fork, which it notices by a page that the kernel wipes in a child
 *   (MADV_WIPEONFORK), so that page is wiped.
 * - What Bun has drawn ahead for randomUUID and getRandomValues: drawn until none is left.
 */
import { setRandomSeed } from 'bun:jsc';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

/** More than Bun draws ahead: 2048 bytes. */
const DRAWN_AHEAD_UUIDS = 256;
/** The key of RC4: a permutation of all bytes. */
const KEY_BYTES = 256;
/** Bytes that the generator gives out between two keys. */
const BYTES_PER_KEY = 1_600_000;
/** What is left of them at least, soon after the process has started. */
const FEW_DRAWN = 1_500_000;

type Range = { readonly start: number; readonly end: number };

/** Finds the generators, once; `reseed` is then cheap. */
export class Generators {
  /** Addresses of the RC4 generator's counter and of the pages that a fork wipes. */
  readonly #counter: number;
  readonly #wiped: readonly Range[];

  /** @throws When this Bun's generators are not where they are looked for: its clones would be alike. */
  constructor() {
    // Both come to be with their first use.
    randomBytes(1);
    runInNewContext('0');
    this.#counter = findCounter();
    this.#wiped = wipedOnFork();
    if (this.#wiped.length === 0) throw new Error('no page tells BoringSSL of a fork');
  }

  /** Makes every generator start anew. @returns Draws of each in hexadecimal. */
  reseed(): string {
    const memory = openSync('/proc/self/mem', 'r+');
    writeSync(memory, new Uint8Array(4), 0, 4, this.#counter);
    for (const { start, end } of this.#wiped)
      writeSync(memory, new Uint8Array(end - start), 0, end - start, start);
    closeSync(memory);
    const seed = new DataView(new ArrayBuffer(4));
    const kernel = openSync('/dev/urandom', 'r');
    readSync(kernel, seed, 0, 4, null);
    closeSync(kernel);
    setRandomSeed(seed.getUint32(0));
    for (let draw = 0; draw < DRAWN_AHEAD_UUIDS; draw++) randomUUID();
    const draws = [
      Math.random(),
      runInNewContext('Math.random()'),
      randomUUID(),
      crypto.getRandomValues(new Uint8Array(16)).join(),
      randomBytes(16).toString('hex'),
    ];
    return draws.map((draw) => createHash('sha256').update(String(draw)).digest('hex').slice(0, 16)).join('');
  }
}

/** Where the generator's counter, with the key right before it, is among the executable's variables. */
function findCounter(): number {
  const memory = openSync('/proc/self/mem', 'r');
  try {
    for (const { start, end } of executableVariables()) {
      const words = new Int32Array((end - start) / 4);
      readSync(memory, words, 0, words.byteLength, start);
      const bytes = new Uint8Array(words.buffer);
      for (let index = 0; index < words.length; index++) {
        const left = words[index] ?? 0;
        if (left > FEW_DRAWN && left <= BYTES_PER_KEY && hasKeyBefore(bytes, index * 4))
          return start + index * 4;
      }
    }
  } finally {
    closeSync(memory);
  }
  throw new Error("JavaScriptCore's generator is not found");
}

/** Whether a permutation of all bytes ends at `end`, but for the padding that aligns a number there. */
function hasKeyBefore(bytes: Uint8Array, end: number): boolean {
  for (let padding = 0; padding < 4; padding++) {
    const key = bytes.subarray(Math.max(0, end - padding - KEY_BYTES), end - padding);
    if (new Set(key).size === KEY_BYTES) return true;
  }
  return false;
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
