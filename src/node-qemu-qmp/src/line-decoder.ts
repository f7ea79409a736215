import { QmpProtocolError } from './errors.ts';

const newline = 0x0a;

/**
 * Splits a byte stream into lines of UTF-8 text.
 *
 * Lines are cut as bytes and decoded whole, so a character that two chunks share needs no care. What is kept
 * between chunks never exceeds the limit.
 */
export class LineDecoder {
  readonly #maxLineBytes: number;
  readonly #text = new TextDecoder('utf-8', { fatal: true });
  #parts: Uint8Array[] = [];
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
      this.#keep(part);
      if (end === -1) return;
      yield this.#take();
      start = end + 1;
    }
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#keptBytes += part.length;
    if (this.#keptBytes > this.#maxLineBytes) {
      this.#parts = [];
      throw new QmpProtocolError(`The peer sent a line of more than ${this.#maxLineBytes} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): string {
    const [first, ...rest] = this.#parts;
    const bytes = first === undefined || rest.length > 0 ? concatenate(this.#parts, this.#keptBytes) : first;
    this.#parts = [];
    this.#keptBytes = 0;
    try {
      return this.#text.decode(bytes);
    } catch (cause) {
      throw new QmpProtocolError('The peer sent a line that is not UTF-8', { cause });
    }
  }
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
