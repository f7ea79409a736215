/** A server as an operator starts it: a process of its own, over a test's data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findServer } from '../../src/server-record.ts';
import { type HttpClient, httpClient } from './http-client.ts';
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
  }
}

/** Processes of the guests of this data folder: each works in its guest's own folder. */
export async function guestsOf(home: TestHome): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(
    pids.map(async (pid) => ({ pid: Number(pid), folder: await workingFolder(pid) })),
  );
  return folders.filter(({ folder }) => folder.startsWith(`${home.path}/guests/`)).map(({ pid }) => pid);
}

/** Empty for a process that is gone. */
export const workingFolder = (pid: string | number) => readlink(`/proc/${pid}/cwd`).catch(() => '');
