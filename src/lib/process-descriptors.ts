/** Copies of descriptors that another process has open. See pidfd_open(2) and pidfd_getfd(2), Linux 5.6. */
import { readdir, readFile } from 'node:fs/promises';
import { libc } from './libc.ts';
import { closeDescriptor } from './posix.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** From asm-generic/unistd.h; the same on every architecture QEMU runs on. */
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;

/** A process whose descriptors can be copied, which no other is mistaken for. */
export class ProcessDescriptors implements Disposable {
  readonly #pid: number;
  readonly #pidFd: number;

  private constructor(pid: number, pidFd: number) {
    this.#pid = pid;
    this.#pidFd = pidFd;
  }

  /** @returns undefined when the process has ended. */
  static async of(identity: ProcessIdentity): Promise<ProcessDescriptors | undefined> {
    const { pid } = identity;
    const pidFd = libc.syscall(SYS_PIDFD_OPEN, pid, 0, 0);
    if (pidFd < 0) return undefined;
    using stack = new DisposableStack();
    const descriptors = stack.use(new ProcessDescriptors(pid, pidFd));
    // From here on what was opened is of this process, whatever becomes of its pid.
    if (!(await isAlive(identity))) return undefined;
    stack.move();
    return descriptors;
  }

  /**
   * @param isWanted Judges what `/proc/<pid>/fdinfo/<fd>` says of a descriptor (proc(5)).
   * @returns Their numbers in the process.
   * @throws {Error} A system error, when the process has ended or without CAP_SYS_PTRACE.
   */
  async find(isWanted: (info: string) => boolean): Promise<number[]> {
    const folder = `/proc/${this.#pid}/fdinfo`;
    const numbers = await readdir(folder);
    // It goes on opening and closing.
    const infos = await Promise.all(numbers.map((fd) => readFile(`${folder}/${fd}`, 'utf8').catch(() => '')));
    return numbers.filter((_, index) => isWanted(infos[index] ?? '')).map(Number);
  }

  /**
   * @param fd Number in the process.
   * @returns Another descriptor of the same open file, closed on exec unless it is passed on by name.
   * @throws {Error} When the process has it no more, or without CAP_SYS_PTRACE.
   */
  copy(fd: number): number {
    const copied = libc.syscall(SYS_PIDFD_GETFD, this.#pidFd, fd, 0);
    if (copied < 0) {
      throw new Error(`descriptor ${fd} of process ${this.#pid} cannot be copied (CAP_SYS_PTRACE)`);
    }
    return copied;
  }

  [Symbol.dispose](): void {
    closeDescriptor(this.#pidFd);
  }
}
