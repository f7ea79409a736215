/** A server as an operator starts it: a process of its own, over a test's data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Cgroups, groupName } from '../../src/host/cgroups/cgroups.ts';
import { findServer } from '../../src/server-record.ts';
import { type HttpClient, httpClient } from './http-client.ts';
import { hostProcesses, openFiles, unixSockets } from './processes.ts';
import { TEST_KEY, type TestHome } from './test-home.ts';
import { until } from './until.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

export class ServerProcess implements AsyncDisposable {
  readonly home: TestHome;
  readonly child: ChildProcess;
  /** Its exit status, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #output: { stdout: string; stderr: string } = { stdout: '', stderr: '' };
  #url = '';

  private constructor(home: TestHome, child: ChildProcess) {
    this.home = home;
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#output[name] += text;
      });
    }
  }

  /** Starts a server, which need not get as far as to listen. */
  static spawn(home: TestHome, environment: Readonly<Record<string, string>> = {}): ServerProcess {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...home.environment({ CODELAND_POOL_SIZE: '2', ...environment }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServerProcess(home, child);
  }

  /** Starts a server and waits until a guest is ready. */
  static async start(
    home: TestHome,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    const server = ServerProcess.spawn(home, environment);
    const url = await server.listening();
    await until('a guest to be ready', async () => (await fetch(`${url}/readyz`)).ok);
    return server;
  }

  /** Waits until it listens; gives its URL. */
  async listening(): Promise<string> {
    await until('the server to listen', async () => {
      if (this.child.exitCode !== null) throw new Error(`the server ended: ${this.stdout}${this.stderr}`);
      this.#url = (await findServer(this.home.path))?.url ?? '';
      return this.#url !== '';
    });
    return this.#url;
  }

  get url(): string {
    return this.#url;
  }

  get stdout(): string {
    return this.#output.stdout;
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  get request(): HttpClient {
    return httpClient(this.#url, TEST_KEY);
  }

  /** Ends it as an operator would; gives its exit status. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    for (const pid of await guestsOf(this.home)) process.kill(pid, 'SIGKILL');
    // Where there are control groups, the next server would end what is in them; also what was no QEMU yet.
    const { path } = this.home;
    const terms = { accelerator: 'tcg', guestMemoryMiB: 256, image: path, reserveBytes: 0 } as const;
    await using _ = await Cgroups.open({ ...terms, name: await groupName(path) });
  }
}

/** Pids of the QEMUs of this data folder's guests. */
export async function guestsOf(home: TestHome): Promise<number[]> {
  const guests = await guestFolders();
  return [...guests].filter(([, folder]) => folder.startsWith(`${home.path}/guests/`)).map(([pid]) => pid);
}

/**
 * The folder of every guest on this host's network, by the pid of its QEMU, which listens on sockets in that folder. It is
 * found also when the folder is gone.
 */
export async function guestFolders(): Promise<Map<number, string>> {
  const sockets = await unixSockets();
  const found = new Map<number, string>();
  for (const pid of (await hostProcesses()).keys()) {
    if (!(await readlink(`/proc/${pid}/exe`).catch(() => '')).includes('qemu-system')) continue;
    for (const target of (await openFiles(pid)).values()) {
      const path = sockets.get(target);
      if (path?.endsWith('/qmp.sock')) found.set(pid, dirname(path));
    }
  }
  return found;
}
