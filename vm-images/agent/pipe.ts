/** Pipes, with both ends non-blocking or not as their user needs. */
import { closeSync, constants, writeSync } from 'node:fs';
import { checked, libc } from './libc.ts';

const O_CLOEXEC = 0o2_000_000;
const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;

/** One end of a pipe, closed at most once. */
export class PipeEnd implements Disposable {
  readonly fd: number;
  #open = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  [Symbol.dispose](): void {
    if (this.#open) closeSync(this.fd);
    this.#open = false;
  }
}

export type Pipe = { readonly reader: PipeEnd; readonly writer: PipeEnd };

/** A pipe whose ends no started program inherits. @throws {SystemCallError} When there are no descriptors. */
export function createPipe(): Pipe {
  const ends = new Int32Array(2);
  checked('pipe2', libc.pipe2(ends, O_CLOEXEC));
  const [reader = -1, writer = -1] = ends;
  return { reader: new PipeEnd(reader), writer: new PipeEnd(writer) };
}

/**
 * A pipe for a program's output. The program may open it again through `/dev/stdout`, so it is the
 * program's user's. The reading end does not block.
 */
export function createOutputPipe(uid: number, gid: number, sizeBytes: number): Pipe {
  const pipe = createPipe();
  checked('fchown', libc.fchown(pipe.writer.fd, uid, gid));
  checked('F_SETFL', libc.fcntl(pipe.reader.fd, F_SETFL, constants.O_NONBLOCK));
  // A smaller pipe works as well, only with more wake-ups.
  libc.fcntl(pipe.writer.fd, F_SETPIPE_SZ, sizeBytes);
  return pipe;
}

/** Makes reads of `end` return at once. */
export function setNonBlocking(end: PipeEnd): void {
  checked('F_SETFL', libc.fcntl(end.fd, F_SETFL, constants.O_NONBLOCK));
}

/** Writes a line. Nothing happens when the reader is gone: its end is noticed anyway. */
export function writeLine(end: PipeEnd, line: string): void {
  try {
    writeSync(end.fd, `${line}\n`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}
