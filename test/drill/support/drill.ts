/** A service whose guests let programs be root, and what must be true whatever such a program does. */
import { expect } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, isRecord } from '../../support/http-client.ts';
import { parseRecord } from '../../support/log-file.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { TestHome } from '../../support/test-home.ts';
import { until } from '../../support/until.ts';
import { drillImage } from './drill-image.ts';
import { originals, type Traces, traces } from './host-state.ts';

const PROGRAMS = join(import.meta.dirname, '../programs');
const POOL_SIZE = 1;
/** Between two questions to the guest that is not attacked, ms: it is to be asked, not to take the processor. */
const PAUSE_MS = 500;

export type Attack = {
  /** Time limit of the run, seconds. */
  readonly seconds: number;
  readonly args?: readonly string[];
};

type State = { readonly originals: Record<string, string>; readonly traces: Traces };

export class Drill implements AsyncDisposable {
  readonly server: ServerProcess;
  /** Begins what the bystander was given: nobody else may find it. */
  readonly secret: string;
  readonly #home: TestHome;
  readonly #bystander: string;
  readonly #before: State;

  private constructor(
    at: Pick<Drill, 'server' | 'secret'> & { home: TestHome; bystander: string; before: State },
  ) {
    this.server = at.server;
    this.secret = at.secret;
    this.#home = at.home;
    this.#bystander = at.bystander;
    this.#before = at.before;
  }

  static async start(): Promise<Drill> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TestHome.create(await drillImage()));
    const settings = { CODELAND_POOL_SIZE: String(POOL_SIZE), CODELAND_MAX_GUESTS: '4' };
    const server = stack.use(await ServerProcess.start(home, settings));
    const secret = `secret${crypto.randomUUID().slice(0, 8)}`;
    const bystander = await newRunner(server);
    await tell(server, bystander, secret);
    const before = await settled(server, home);
    stack.move();
    return new Drill({ server, secret, home, bystander, before });
  }

  /**
   * Runs a hostile program in a guest of its own. Expects that the bystander answers right in the meantime and
   * afterwards, and that the host is as it was.
   */
  async attack(program: string, { seconds, args = [] }: Attack): Promise<Answer> {
    let isOver = false;
    const attack = this.post('run', await hostile(program, args), `?wait=60&time=${seconds}`).finally(() => {
      isOver = true;
    });
    do {
      await this.#expectBystander();
      await Promise.race([attack, Bun.sleep(PAUSE_MS)]);
    } while (!isOver);
    const answer = await attack;
    await this.expectUnhurt();
    return answer;
  }

  /** Expects that the host, the server and the other guest are as they were before anything was run. */
  async expectUnhurt(): Promise<void> {
    expect(await settled(this.server, this.#home)).toEqual(this.#before);
    expect(faults(this.server)).toEqual([]);
    await this.#expectBystander();
  }

  post(path: string, body: object, query = ''): Promise<Answer> {
    return this.server.request(`/api/v1/runner/${path}${query}`, { body });
  }

  create(): Promise<string> {
    return newRunner(this.server);
  }

  /** Runs a hostile program on a runner that goes on. */
  async hostileOn(runner: string, program: string, args: readonly string[]): Promise<Answer> {
    return this.post(`run/${runner}`, await hostile(program, args));
  }

  /** Ends a runner, unless it has ended. */
  async remove(runner: string): Promise<void> {
    const { status } = await this.server.request(`/api/v1/runner/${runner}`, { method: 'DELETE' });
    expect([200, 404]).toContain(status);
  }

  /** Its file is as it was written, it knows the time, and it computes. */
  async #expectBystander(): Promise<void> {
    const code = "import time; print(open('kept').read(), abs(time.time() - NOW) < 3600, 6 * 7)";
    const now = String(Date.now() / 1000);
    const { status, body } = await this.post(`run/${this.#bystander}`, python(code.replace('NOW', now)));
    expect({ status, stdout: body['stdout'] }).toEqual({
      status: 200,
      stdout: `${kept(this.secret)} True 42\n`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // As an operator would: its guests end with it.
    await this.server.stop();
    await this.server[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
  }
}

const python = (code: string) => ({ language: 'python', code });

/** What the bystander keeps, made from the secret in a way that a search for its beginning finds whole. */
const kept = (secret: string) => `${secret}-${'5e'.repeat(16)}`;

async function hostile(program: string, args: readonly string[]): Promise<object> {
  const code = await readFile(join(PROGRAMS, program), 'utf8');
  const kit = await readFile(join(PROGRAMS, 'kit.py'), 'utf8');
  return { ...python(code), args, files: { 'kit.py': kit } };
}

async function newRunner(server: ServerProcess): Promise<string> {
  const { status, body } = await server.request('/api/v1/runner/new?wait=60', { body: {} });
  if (status !== 200) throw new Error(`no runner was made: ${status} ${JSON.stringify(body)}`);
  return String(body['runner']);
}

/** Gives the bystander something of its own: in a file, in the cache of its kernel, in a process that stays. */
async function tell(server: ServerProcess, bystander: string, secret: string): Promise<void> {
  const code = [
    'import os, time',
    `text = ${JSON.stringify(kept(secret))}`,
    "open('kept', 'w').write(text)",
    "open('/tmp/more', 'w').write(text * 100_000)",
    'if os.fork() == 0: time.sleep(86_400)',
  ].join('\n');
  const { status } = await server.request(`/api/v1/runner/run/${bystander}`, { body: python(code) });
  expect(status).toBe(200);
}

/** The state once the pool is full and nothing is under way. */
async function settled(server: ServerProcess, home: TestHome): Promise<State> {
  await until('the pool to be full and quiet', async () => {
    const { body } = await server.request('/api/v1/worker');
    const { ready, restoring, retiring, leased } = isRecord(body['pool']) ? body['pool'] : {};
    return ready === POOL_SIZE && restoring === 0 && retiring === 0 && leased === 1;
  });
  const pid = server.child.pid ?? 0;
  const { body } = await server.request('/api/v1/runner');
  const runners = Array.isArray(body['runners']) ? body['runners'].filter(isRecord) : [];
  const names = runners.map(({ name }) => String(name));
  return { originals: await originals(home.path, pid), traces: await traces(home.path, pid, names) };
}

/** What the server logged as its own fault, and what it said outside of its log. */
function faults(server: ServerProcess): unknown[] {
  const records = server.stdout.split('\n').filter(Boolean).map(parseRecord);
  const failed = records.filter(({ level }) => level === 'error' || level === 'fatal');
  return [...failed, ...server.stderr.split('\n').filter(Boolean)];
}
