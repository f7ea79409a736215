/** Lines that a waiting process writes to the agent. */
import { readSome } from './libc.ts';

/** Longer lines come from no process of the agent's own. */
const LINE_BYTES = 4096;

export class LineReader {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(LINE_BYTES);
  readonly #decoder = new TextDecoder();
  #text = '';

  /** @param fd A non-blocking descriptor. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The whole lines that are there now, or undefined at the end of the stream. */
  read(): readonly string[] | undefined {
    const count = readSome(this.#fd, this.#buffer);
    if (count === 0 || this.#text.length > LINE_BYTES) return undefined;
    if (count === undefined) return [];
    const lines = (
      this.#text + this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true })
    ).split('\n');
    this.#text = lines.pop() ?? '';
    return lines;
  }
}
