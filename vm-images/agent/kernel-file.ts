/** A file that the kernel makes up as it is read, kept open: reading it again costs a single system call. */
import { closeSync, openSync } from 'node:fs';
import { libc } from './libc.ts';

const buffer = Buffer.alloc(8192);

export class KernelFile implements Disposable {
  readonly fd: number;

  /** @throws When there is no such file. */
  constructor(path: string) {
    this.fd = openSync(path, 'r');
  }

  /** Opens a file that this kernel may not have. */
  static ifThere(path: string): KernelFile | undefined {
    try {
      return new KernelFile(path);
    } catch {
      return undefined;
    }
  }

  /** What it says now, up to 8 KiB; empty when it cannot be read any more. */
  read(): string {
    const count = Number(libc.pread(this.fd, buffer, buffer.length, 0));
    return buffer.toString('latin1', 0, Math.max(0, count));
  }

  /** The number after `name` in a file with a name and a value on each line. */
  number(name: string): number | undefined {
    for (const line of this.read().split('\n'))
      if (line.startsWith(`${name} `)) return Number(line.slice(name.length + 1));
    return undefined;
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
