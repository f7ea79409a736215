import { QmpProtocolError } from './errors.ts';

const newline = 0x0a;

/**
 * Splits a byte stream into lines of UTF-8 text.
 *
 * Lines are cut as bytes and decoded whole, so a character that two chunks share needs no care. The start of a line is
 * copied into a buffer of its own: however small the pieces it comes in, it takes no more than twice the limit.
 */
export class LineDecoder {
  readonly #maxLineBytes: number;
  readonly #text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #buffer = new Uint8Array(0);
  #keptBytes = 0;

  /** @param maxLineBytes Longest line accepted, in bytes, its line feed not counted. */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * Yields the lines that this chunk completes, without their line feed.
   *
   * Lines come out one by one, so that those before a bad one are still seen.
   * @throws QmpProtocolError when a line is too long or is not UTF-8; the decoder is of no use afterwards.
   */
  *push(chunk: Uint8Array): Generator<string, void, undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      const part = chunk.subarray(start, end === -1 ? chunk.length : end);
      if (this.#keptBytes + part.length > this.#maxLineBytes) {
        throw new QmpProtocolError(`The peer sent a line of more than ${this.#maxLineBytes} bytes`);
      }
      if (end === -1) {
        this.#keep(part);
        return;
      }
      yield this.#decode(part);
      start = end + 1;
    }
  }

  #keep(part: Uint8Array): void {
    const length = this.#keptBytes + part.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, Math.min(2 * length, this.#maxLineBytes)));
      larger.set(this.#buffer.subarray(0, this.#keptBytes));
      this.#buffer = larger;
    }
    this.#buffer.set(part, this.#keptBytes);
    this.#keptBytes = length;
  }

  #decode(last: Uint8Array): string {
    try {
      if (this.#keptBytes === 0) return this.#text.decode(last);
      this.#keep(last);
      return this.#text.decode(this.#buffer.subarray(0, this.#keptBytes));
    } catch (cause) {
      throw new QmpProtocolError('The peer sent a line that is not UTF-8', { cause });
    } finally {
      // A long line is rare: its buffer is not kept for the short ones that follow.
      this.#buffer = new Uint8Array(0);
      this.#keptBytes = 0;
    }
  }
}
