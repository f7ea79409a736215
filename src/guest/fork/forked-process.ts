/** A QEMU that was forked from another: not a child of this server. Its standard error ends with it. */
import { sleep } from '../../lib/deadline.ts';
import { closeDescriptor } from '../../lib/posix.ts';
import { identifyProcess, isAlive, killNow, type ProcessIdentity } from '../../lib/process-identity.ts';
import { QemuExitError } from '../errors.ts';
import type { GuestProcess } from '../guest.ts';
import { LOG_BATCH, LOG_PAUSE_MS, LOG_TAIL } from '../qemu-log.ts';

/** How often it is looked for once it is about to be gone, ms. */
const LOOK_MS = 5;

export class ForkedProcess implements GuestProcess, AsyncDisposable {
  readonly exited: Promise<QemuExitError>;
  readonly pid: number;
  /** Undefined: it had ended before it was looked at. */
  readonly identity: ProcessIdentity | undefined;
  #log = '';
  #isOver = false;

  private constructor(pid: number, identity: ProcessIdentity | undefined, log: number) {
    this.pid = pid;
    this.identity = identity;
    this.exited = this.#follow(log);
  }

  /**
   * @param pid Of a process that was forked just now.
   * @param log The end of a pipe whose other end is its standard error alone. Closed here.
   */
  static async follow(pid: number, log: number): Promise<ForkedProcess> {
    return new ForkedProcess(pid, await identifyProcess(pid), log);
  }

  kill(): void {
    if (!this.#isOver) killNow(this.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.exited;
  }

  async #follow(log: number): Promise<QemuExitError> {
    await this.#read(log).catch(() => {});
    // One that was taken over might have closed its standard error, and nothing else.
    while (this.identity && (await isAlive(this.identity))) {
      this.kill();
      await sleep(LOOK_MS);
    }
    this.#isOver = true;
    return new QemuExitError('has ended', [], this.#log);
  }

  async #read(log: number): Promise<void> {
    try {
      const decoder = new TextDecoder();
      let left = LOG_BATCH;
      for await (const chunk of Bun.file(log).stream()) {
        this.#log = (this.#log + decoder.decode(chunk, { stream: true })).slice(-LOG_TAIL);
        left -= chunk.length;
        if (left > 0) continue;
        left = LOG_BATCH;
        await sleep(LOG_PAUSE_MS);
      }
    } finally {
      closeDescriptor(log);
    }
  }
}
