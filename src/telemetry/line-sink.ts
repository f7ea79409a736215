/**
 * Where log lines go. The kernel has a line before `write` returns, so a crash loses none. Only when the reader of
 * a pipe is behind, lines wait in memory, up to a bound: the service does not stop for its log.
 */
import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { PRIVATE_FILE } from '../lib/files.ts';

/** Bytes that may wait for a slow reader. */
const WAITING_BYTES = 4 << 20;
/** How soon to try again, ms. */
const RETRY_MS = 20;
/** How long the end of the process may wait for a reader, ms. */
const LAST_WAIT_MS = 1_000;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/** The line, newline included, that tells how many lines are missing before it. */
export type DropNote = (lines: number) => string;

const sleepSync = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** `lines` counts what is lost with it: a note stands for those that it reports. */
type Entry = { bytes: Buffer; readonly lines: number };

export class LineSink implements Disposable {
  readonly #fd: number;
  readonly #dropNote: DropNote;
  readonly #waiting: Entry[] = [];
  #waitingBytes = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #atExit = () => this.#finish();

  private constructor(fd: number, dropNote: DropNote) {
    this.#fd = fd;
    this.#dropNote = dropNote;
    process.on('exit', this.#atExit);
  }

  /**
   * Lines at the end of a file that its owner alone can read.
   * @throws {Error} When the file cannot be opened, or is another user's.
   */
  static file(path: string, dropNote: DropNote): LineSink {
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, PRIVATE_FILE);
    // What is no file, as /dev/null, is not the log's alone.
    if (fstatSync(fd).isFile()) fchmodSync(fd, PRIVATE_FILE);
    return new LineSink(fd, dropNote);
  }

  /** Lines on standard output. */
  static stdout(dropNote: DropNote): LineSink {
    return new LineSink(openStdout(), dropNote);
  }

  /** @param line With its newline. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#isClosed || this.#waitingBytes + bytes.length > WAITING_BYTES) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) {
      this.#push(Buffer.from(this.#dropNote(this.#dropped)), this.#dropped);
      this.#dropped = 0;
    }
    this.#push(bytes, 1);
    // While the reader is behind, the timer keeps the order.
    if (this.#timer === undefined) this.#drain();
  }

  /** Waits a moment for a slow reader, then gives up what it has not read. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off('exit', this.#atExit);
    this.#finish();
    if (this.#fd !== process.stdout.fd) closeSync(this.#fd);
  }

  #push(bytes: Buffer, lines: number): void {
    this.#waiting.push({ bytes, lines });
    this.#waitingBytes += bytes.length;
  }

  #drain(): void {
    this.#timer = undefined;
    if (this.#writeWaiting()) return;
    this.#timer = setTimeout(() => this.#drain(), RETRY_MS);
    this.#timer.unref();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    const deadline = performance.now() + LAST_WAIT_MS;
    while (!this.#writeWaiting() && performance.now() < deadline) sleepSync(RETRY_MS);
  }

  /** Writes what waits; false when the reader is behind. */
  #writeWaiting(): boolean {
    for (let entry = this.#waiting[0]; entry !== undefined; entry = this.#waiting[0]) {
      const written = this.#tryWrite(entry);
      if (written === 'behind') return false;
      this.#waitingBytes -= written;
      entry.bytes = entry.bytes.subarray(written);
      if (entry.bytes.length === 0) this.#waiting.shift();
    }
    return true;
  }

  /** Bytes dealt with. What can never be written (the reader is gone, the disk is full) is dropped. */
  #tryWrite({ bytes, lines }: Entry): number | 'behind' {
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      if (isAgain(error)) return 'behind';
      this.#dropped += lines;
      return bytes.length;
    }
  }
}

/**
 * A pipe or a terminal is opened anew, for an open file of our own: not to block is a property of the open file,
 * and that of standard output belongs to other processes too. A socket cannot be opened so, and another user's
 * pipe may not: writes to these wait for the reader.
 */
function openStdout(): number {
  const { fd } = process.stdout;
  const stat = fstatSync(fd);
  if (!stat.isFIFO() && !stat.isCharacterDevice()) return fd;
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK);
  } catch {
    return fd;
  }
}

const isAgain = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
