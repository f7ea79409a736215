/** A lock that processes of this host hold on a file, one at a time. The kernel frees it when its holder ends, however. */
import { type FileHandle, open } from 'node:fs/promises';
import { sleep } from './deadline.ts';
import { PRIVATE_FILE } from './files.ts';
import { libc } from './libc.ts';

// From sys/file.h; see flock(2).
const LOCK_EX = 2;
const LOCK_NB = 4;
const POLL_MS = 20;

export class FileLock implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Takes the lock on a file, which is made when it is not there, and stays.
   * @param patienceMs How long to wait for another holder.
   * @returns Undefined when another holds it all the while, be it in this process.
   */
  static async take(path: string, patienceMs: number): Promise<FileLock | undefined> {
    await using stack = new AsyncDisposableStack();
    // Closed on exec, so that no child goes on holding it.
    const file = stack.use(await open(path, 'a', PRIVATE_FILE));
    const deadline = performance.now() + patienceMs;
    while (libc.flock(file.fd, LOCK_EX | LOCK_NB) !== 0) {
      if (performance.now() >= deadline) return undefined;
      await sleep(POLL_MS);
    }
    stack.move();
    return new FileLock(file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
