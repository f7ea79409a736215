/** A run's output, kept in the order it was written. */
import type { RunOutput } from './errors.ts';

const NEWLINE = 0x0a;
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

export class OutputCollector {
  readonly #both: Uint8Array[] = [];
  readonly #stdout: Uint8Array[] = [];
  readonly #stderr: Uint8Array[] = [];

  /** Takes the next chunk. Its size is bounded by the agent link, which knows the run's limit. */
  readonly add = (stream: 'stdout' | 'stderr', chunk: Uint8Array): void => {
    this.#both.push(chunk);
    (stream === 'stdout' ? this.#stdout : this.#stderr).push(chunk);
  };

  /** @param truncated Whether the program printed more than was kept. */
  finish(truncated: boolean): RunOutput {
    const both = Buffer.concat(this.#both);
    const end = both.at(-1) === NEWLINE ? both.length - 1 : both.length;
    return {
      res: both.toString('base64', 0, end),
      stdout: lossy.decode(Buffer.concat(this.#stdout)),
      stderr: lossy.decode(Buffer.concat(this.#stderr)),
      truncated,
    };
  }
}
