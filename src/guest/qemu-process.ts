/** One QEMU process: start, exit, kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { bareEnvironment } from '../lib/child-environment.ts';
import { killNow } from '../lib/process-identity.ts';
import { QemuExitError } from './errors.ts';
import { LOG_BATCH, LOG_PAUSE_MS, LOG_TAIL } from './qemu-log.ts';

export type QemuCommand = {
  /** Program and arguments; ends in QEMU's own. */
  readonly command: readonly string[];
  /** Descriptors that QEMU inherits, in order, as 3, 4, … */
  readonly inherited: readonly number[];
  /** For a QEMU that is forked, and was started as such: takes each line of its standard output. */
  readonly onForked?: (line: string) => void;
};

export class QemuProcess implements AsyncDisposable {
  /** Settles when the process has ended, with the error that says how. Never rejects. */
  readonly exited: Promise<QemuExitError>;
  readonly #child: ChildProcess;
  #pid: number;
  #log = '';
  #isKilled = false;
  /** Whether {@link pid} is QEMU's own. */
  #isSettled: boolean;

  private constructor(child: ChildProcess, pid: number, { command, onForked }: QemuCommand) {
    const args = command.slice(1);
    this.#isSettled = onForked !== undefined;
    if (child.stdout && onForked) createInterface(child.stdout).on('line', onForked);
    this.#child = child;
    this.#pid = pid;
    const { stderr } = child;
    stderr?.setEncoding('utf8');
    let left = LOG_BATCH;
    stderr?.on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_TAIL);
      left -= text.length;
      if (left > 0) return;
      left = LOG_BATCH;
      stderr.pause();
      setTimeout(() => stderr.resume(), LOG_PAUSE_MS);
    });
    const { promise, resolve } = Promise.withResolvers<QemuExitError>();
    this.exited = promise;
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
      resolve(new QemuExitError(how, args, this.#log));
    };
    child.once('close', end);
    // Bun may tell of the end of the messages most of a second late, or not at all while there are more; after a kill
    // nobody needs them.
    child.once('exit', (code, signal) => {
      if (!this.#isKilled) return;
      end(code, signal);
      stderr?.destroy();
    });
  }

  /**
   * Starts QEMU.
   * @throws {QemuExitError} When the program cannot be started.
   */
  static async spawn(qemu: QemuCommand): Promise<QemuProcess> {
    const { inherited, onForked } = qemu;
    const [program = '', ...args] = qemu.command;
    // A group of its own: Ctrl-C is for the server, which lets running requests finish before it ends guests.
    const stdio = ['ignore', onForked ? 'pipe' : 'ignore', 'pipe', ...inherited] as const;
    const env = bareEnvironment();
    const child = spawn(program, args, { cwd: '/', detached: true, env, stdio: [...stdio] });
    const { pid } = child;
    if (pid === undefined) {
      const { promise, resolve } = Promise.withResolvers<Error>();
      child.once('error', resolve);
      throw new QemuExitError(`could not be started (${(await promise).message})`, args, '');
    }
    return new QemuProcess(child, pid, qemu);
  }

  /** QEMU's own; until {@link settle}, of the process that starts it. */
  get pid(): number {
    return this.#pid;
  }

  /** Finds QEMU, which runs, below the process that started it. */
  async settle(): Promise<void> {
    // Its children would be other guests.
    if (this.#isSettled) return;
    const { pid } = this;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const [child] = children.split(' ');
    if (child) this.#pid = Number(child);
  }

  /**
   * Ends QEMU at once; a guest has nothing worth a soft shutdown. Its parent ends with it, and the other way round.
   * Does nothing after its end.
   */
  kill(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#isKilled = true;
    // It may have ended, and its parent be about to.
    killNow(this.#pid);
  }

  /** Also when it has only just been started: its parent, killed alone then, might leave it behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle();
    this.kill();
    await this.exited;
  }
}
