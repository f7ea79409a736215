/** A process of its own for a test of what several processes do, or of what one leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Runs a program of modules below the repository, which it imports as `src('store/database.ts')`. */
export class BunProgram implements AsyncDisposable {
  readonly process: ChildProcess;
  #output = '';
  readonly #closed: Promise<unknown>;

  constructor(program: string) {
    const src = `const src = (path) => import(${JSON.stringify(join(root, 'src'))} + '/' + path);`;
    this.process = spawn(process.execPath, ['-e', `${src}\n${program}`], {
      // Not handed on as it is: what the test writes to may be a file, which the program would have open.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stderr?.pipe(process.stderr);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.#closed = once(this.process, 'close');
  }

  /** What it has printed until now. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it has printed this. */
  async prints(text: string): Promise<void> {
    await this.#until(`"${text}"`, () => this.#output.includes(text) || undefined);
  }

  /** Waits until it has printed something of this form. @returns What the first group of `pattern` matches. */
  finds(pattern: RegExp): Promise<string> {
    return this.#until(String(pattern), () => pattern.exec(this.#output)?.[1]);
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if ((this.process.exitCode ?? this.process.signalCode) !== null)
        throw new Error(`ended without printing ${what}`);
      await Promise.race([once(this.process.stdout ?? this.process, 'data'), this.#closed]);
    }
  }

  /** Waits for its end. @returns Its exit status. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.process.exitCode;
  }

  /** Ends it as a power cut of its own would: it can do nothing more. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
