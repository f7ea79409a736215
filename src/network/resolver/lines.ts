/** Lines out of chunks. */

/** Somebody sends a line that is too long. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** Cuts a stream of UTF-8 text into its lines, and keeps no more than one of them. */
export class LineSplitter {
  readonly #limit: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest: Uint8Array[] = [];
  #restBytes = 0;

  /** @param limit Longest line, bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * The lines that are complete with this chunk. A chunk may be reused after it.
   * @throws {LineError} When a line is too long.
   * @throws {TypeError} When a line is no UTF-8.
   */
  *push(chunk: Uint8Array): Generator<string, void> {
    let start = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(this.#rest);
      this.#rest = [];
      this.#restBytes = 0;
      yield this.#decoder.decode(line);
    }
    if (start < chunk.length) this.#keep(chunk.slice(start));
  }

  #keep(part: Uint8Array): void {
    this.#restBytes += part.length;
    if (this.#restBytes > this.#limit) throw new LineError(`a line of more than ${this.#limit} bytes`);
    this.#rest.push(part);
  }
}

const NEW_LINE = 0x0a;
