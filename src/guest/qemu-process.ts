/** One QEMU process: start, exit, kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { bareEnvironment } from '../lib/child-environment.ts';
import { QemuExitError } from './errors.ts';

/** How much of QEMU's own messages is kept, characters. */
const LOG_TAIL = 8192;

export type QemuCommand = {
  /** Program and arguments; ends in QEMU's own. */
  readonly command: readonly string[];
  /** Working folder: relative paths in the arguments start there. */
  readonly folder: string;
  /** Descriptors that QEMU inherits, in order, as 3, 4, … */
  readonly inherited: readonly number[];
};

export class QemuProcess implements AsyncDisposable {
  /** Settles when the process has ended, with the error that says how. Never rejects. */
  readonly exited: Promise<QemuExitError>;
  readonly pid: number;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess, pid: number, args: readonly string[]) {
    this.#child = child;
    this.pid = pid;
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_TAIL);
    });
    const { promise, resolve } = Promise.withResolvers<QemuExitError>();
    this.exited = promise;
    child.once('close', (code, signal) => {
      resolve(
        new QemuExitError(signal ? `was ended by ${signal}` : `ended with status ${code}`, args, this.#log),
      );
    });
  }

  /**
   * Starts QEMU.
   * @throws {QemuExitError} When the program cannot be started.
   */
  static async spawn({ command, folder, inherited }: QemuCommand): Promise<QemuProcess> {
    const [program = '', ...args] = command;
    // A group of its own: Ctrl-C is for the server, which lets running requests finish before it ends guests.
    const stdio = ['ignore', 'ignore', 'pipe', ...inherited] as const;
    const env = bareEnvironment();
    const child = spawn(program, args, { cwd: folder, detached: true, env, stdio: [...stdio] });
    const { pid } = child;
    if (pid === undefined) {
      const { promise, resolve } = Promise.withResolvers<Error>();
      child.once('error', resolve);
      throw new QemuExitError(`could not be started (${(await promise).message})`, args, '');
    }
    return new QemuProcess(child, pid, args);
  }

  /** Ends the process at once; a guest has nothing worth a soft shutdown. Does nothing after its end. */
  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.exited;
  }
}
