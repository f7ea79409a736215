/** A run's output, kept in the order it was written. */
import type { RunOutput } from './errors.ts';

const NEWLINE = 0x0a;
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that grow by doubling: a program that prints byte by byte must not cost an object for each. */
class Bytes {
  #buffer = new Uint8Array(1024);
  #length = 0;

  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  get all(): Buffer {
    return Buffer.from(this.#buffer.buffer, 0, this.#length);
  }
}

export class OutputCollector {
  readonly #both = new Bytes();
  #stdout = new Bytes();
  #stderr = new Bytes();
  #change: PromiseWithResolvers<void> | undefined;

  /** Takes the next chunk. Its size is bounded by the agent link, which knows the run's limit. */
  readonly add = (stream: 'stdout' | 'stderr', chunk: Uint8Array): void => {
    this.#both.append(chunk);
    this.tell();
    (stream === 'stdout' ? this.#stdout : this.#stderr).append(chunk);
  };

  /** Bytes taken, of both streams together. */
  get bytes(): number {
    return this.#both.length;
  }

  /** A copy of a part of the output, both streams in the order they were written. */
  part(from: number, to: number): Uint8Array {
    return Uint8Array.from(this.#both.all.subarray(from, to));
  }

  /** Settles when more has come, or {@link tell} is called. Never rejects. */
  change(): Promise<void> {
    this.#change ??= Promise.withResolvers();
    return this.#change.promise;
  }

  /** Wakes those who wait for a change. */
  tell(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  /** Nobody finishes it any more: the streams apart are let go, what was written together stays. */
  settle(): void {
    this.#stdout = new Bytes();
    this.#stderr = new Bytes();
  }

  /** @param truncated Whether the program printed more than was kept. */
  finish(truncated: boolean): RunOutput {
    const both = this.#both.all;
    const end = both.at(-1) === NEWLINE ? both.length - 1 : both.length;
    return {
      res: both.toString('base64', 0, end),
      stdout: lossy.decode(this.#stdout.all),
      stderr: lossy.decode(this.#stderr.all),
      truncated,
    };
  }
}
