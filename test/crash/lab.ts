/** A data folder whose server is killed and started again, and what has to be on the host after each start. */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { sleep } from '../../src/lib/deadline.ts';
import type { ProcessIdentity } from '../../src/lib/process-identity.ts';
import { databaseFile } from '../../src/store/database.ts';
import { auditHost } from '../support/audit.ts';
import { type Answer, type Call, isRecord } from '../support/http-client.ts';
import { descendantsOf, hostProcesses } from '../support/processes.ts';
import { ServerProcess } from '../support/server-process.ts';
import { TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const SETTINGS = { CODELAND_POOL_SIZE: '2', CODELAND_LOG_LEVEL: 'warn' };

/** The server was killed before it answered: what came of the request is open. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export class CrashLab implements AsyncDisposable {
  readonly home: TestHome;
  #server: ServerProcess;
  #isKilled = false;
  /** What all killed servers had started. */
  readonly #earlier: ProcessIdentity[] = [];

  private constructor(home: TestHome, server: ServerProcess) {
    this.home = home;
    this.#server = server;
  }

  static async open(): Promise<CrashLab> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TestHome.create());
    const server = await ServerProcess.start(home, SETTINGS);
    stack.move();
    return new CrashLab(home, server);
  }

  /** @throws {NoAnswer} When the server is killed first. */
  async request(path: string, call: Call = {}): Promise<Answer> {
    const server = this.#server;
    try {
      return await server.request(path, call);
    } catch (cause) {
      // A connection breaks a moment before the end of its process is known.
      if (!this.#isKilled && this.#server === server) throw cause;
      throw new NoAnswer(path, { cause });
    }
  }

  /** Whether nobody is to begin anything any more. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** Kills the server at this very moment. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    await killKnowingly(this.#server, this.#earlier);
  }

  /**
   * Starts the next server.
   * @param killAfterMs So many servers are killed before it, each after so many milliseconds of its start.
   */
  async restart(killAfterMs: readonly number[]): Promise<void> {
    for (const ms of killAfterMs) {
      const server = ServerProcess.spawn(this.home, SETTINGS);
      await sleep(ms);
      await killKnowingly(server, this.#earlier);
    }
    this.#server = await ServerProcess.start(this.home, SETTINGS);
    this.#isKilled = false;
  }

  /** What is on the host that nobody owns, and rows of runners that are none, or the other way round. */
  async audit(): Promise<string[]> {
    const names = (await this.persistent()).map(({ name }) => String(name)).sort();
    const rows = this.#rows();
    const server = this.#server.child.pid ?? 0;
    return [
      ...(rows.join() === names.join() ? [] : [`in the store: ${rows.join()}; in the list: ${names.join()}`]),
      ...(await auditHost(this.home.path, { server, guests: names, earlier: this.#earlier })),
    ];
  }

  /** The persistent runners of the server's list. */
  async persistent(): Promise<Readonly<Record<string, unknown>>[]> {
    const { body } = await this.request('/api/v1/runner?detail=true');
    if (!Array.isArray(body['runners'])) throw new Error(`no list: ${JSON.stringify(body)}`);
    return body['runners'].filter(isRecord).filter(({ kind }) => kind === 'persistent');
  }

  /** Ends the server as an operator would, with all its runners. */
  async end(): Promise<string[]> {
    const status = await this.#server.stop();
    const rows = this.#rows();
    return [
      ...(status === 0 ? [] : [`the server ended with status ${status}`]),
      ...(rows.length === 0 ? [] : [`in the store: ${rows.join()}`]),
      ...(await auditHost(this.home.path, { earlier: this.#earlier })),
    ];
  }

  /** What the servers have said of faults. */
  get log(): string {
    return this.#server.stdout + this.#server.stderr;
  }

  #rows(): string[] {
    using database = new DatabaseSync(databaseFile(this.home.path), { readOnly: true });
    return database
      .prepare('SELECT name FROM runners ORDER BY name')
      .all()
      .map(({ name }) => String(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }
}

/** Kills a server, and notes what it had started. It is stopped for that moment, so that it starts nothing unseen. */
async function killKnowingly({ child, ended }: ServerProcess, known: ProcessIdentity[]): Promise<void> {
  const { pid = 0 } = child;
  if (child.kill('SIGSTOP')) {
    await until('the server to stop', async () => ['T', ''].includes(await stateOf(pid)));
    const all = await hostProcesses();
    for (const descendant of descendantsOf(pid, all)) {
      const found = all.get(descendant);
      if (found) known.push({ pid: found.pid, startTicks: found.startTicks });
    }
  }
  child.kill('SIGKILL');
  await ended;
}

/** As proc(5) has it: `T` is stopped; empty when there is no such process. */
const stateOf = async (pid: number): Promise<string> =>
  /\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1] ?? '';
