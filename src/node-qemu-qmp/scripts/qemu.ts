import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No machine, no devices, no display: QEMU's protocol and nothing else. Starts in some 50 ms. */
export const bareMachine: readonly string[] = ['-M', 'none'];

/** How QEMU ended: its exit code, or the signal that killed it. */
export interface QemuExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A QEMU of ours with its monitor socket in a directory of its own; disposing kills it and removes both. */
export class Qemu implements AsyncDisposable {
  readonly path: string;
  readonly #directory: string;
  readonly #child: ChildProcess;
  /** Resolves once the process is gone, also when it never started. */
  readonly exited: Promise<QemuExit>;

  private constructor(directory: string, path: string, child: ChildProcess) {
    this.#directory = directory;
    this.path = path;
    this.#child = child;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', () => resolve({ code: null, signal: null }));
    });
  }

  /** Spawns QEMU; its socket appears some time after. @param binary Such as `qemu-system-x86_64`. */
  static async start(machine: readonly string[], binary = 'qemu-system-x86_64'): Promise<Qemu> {
    const directory = await mkdtemp(join(tmpdir(), 'qmp-'));
    const path = join(directory, 'monitor');
    const monitor = ['-qmp', `unix:${path},server=on,wait=off`];
    const child = spawn(binary, [...machine, '-nodefaults', '-display', 'none', ...monitor], {
      stdio: 'ignore',
    });
    return new Qemu(directory, path, child);
  }

  /** @throws Error when QEMU could not be started. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('QEMU could not be started');
    return this.#child.pid;
  }

  /** Ends the process as a crash would, without a word on the monitor. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.exited;
    await rm(this.#directory, { recursive: true, force: true });
  }
}
