/** A server of ours, as an operator starts it, that the benchmark asks. */
import { groupName } from '../../src/host/cgroups/cgroups.ts';
import { sleep } from '../../src/lib/deadline.ts';
import { isRecord } from '../../test/support/http-client.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { TEST_KEY, TestHome } from '../../test/support/test-home.ts';
import { Client } from './client.ts';
import { CpuGroup } from './cpu.ts';

export type ServerOptions = {
  /** Ready guests. */
  readonly pool: number;
  /** Data folder whose image and template are used; the tests' own without. */
  readonly home: string | undefined;
  readonly settings?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** A pool of a hundred guests on a slow host is ready within, ms. */
const READY_DEADLINE_MS = 300_000;
const POLL_MS = 10;
const WARM_POLL_MS = 250;
/** What the kernel does behind the end of a guest, ms: memory, control groups and descriptors are freed. */
const SETTLE_MS = 50;

let made = 0;

export class BenchServer implements AsyncDisposable {
  readonly pool: number;
  readonly client: Client;
  /** From its start until all guests of its pool are ready, ms. */
  readonly startMs: number;
  readonly pid: number;
  /** Undefined where the kernel cannot count, and why that is so. */
  readonly cpu: CpuGroup | undefined;
  readonly noCpu: string;
  readonly #home: string;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    fields: Pick<BenchServer, 'pool' | 'client' | 'startMs' | 'pid' | 'cpu' | 'noCpu'>,
    home: string,
    stack: AsyncDisposableStack,
  ) {
    this.pool = fields.pool;
    this.client = fields.client;
    this.startMs = fields.startMs;
    this.pid = fields.pid;
    this.cpu = fields.cpu;
    this.noCpu = fields.noCpu;
    this.#home = home;
    this.#stack = stack;
  }

  /**
   * Starts a server and waits until its pool is full.
   * @throws {Error} When it does not start, or ends.
   * @throws The signal's reason when it is aborted.
   */
  static async start({ pool, home: from, settings = {}, signal }: ServerOptions): Promise<BenchServer> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TestHome.create(from));
    const environment = {
      CODELAND_POOL_SIZE: String(pool),
      CODELAND_MAX_GUESTS: String(pool + 16),
      CODELAND_LOG_LEVEL: 'warn',
      CODELAND_WARM_UP: 'full',
      ...settings,
    };
    const began = performance.now();
    const server = ServerProcess.spawn(home, environment);
    // Under the group: a server that lives keeps its group.
    const group = await countCpu(server.child.pid ?? 0, home.path);
    if (group instanceof CpuGroup) stack.use(group);
    stack.use(server);
    const client = new Client(await server.listening(), TEST_KEY);
    await untilIdle(client, pool, signal);
    const startMs = performance.now() - began - SETTLE_MS;
    await untilWarm(client, signal);
    await untilIdle(client, pool, signal);
    stack.defer(async () => {
      await server.stop();
    });
    const cpu = group instanceof CpuGroup ? group : undefined;
    const fields = {
      pool,
      client,
      startMs,
      pid: server.child.pid ?? 0,
      cpu,
      noCpu: group instanceof CpuGroup ? '' : group,
    };
    return new BenchServer(fields, home.path, stack.move());
  }

  /** Name of the control group of its guests. */
  guestGroup(): Promise<string> {
    return groupName(this.#home);
  }

  /** Waits until the pool is full and nothing is restored or retired any more. */
  untilIdle(signal: AbortSignal): Promise<void> {
    return untilIdle(this.client, this.pool, signal);
  }

  /** Ends it as an operator would. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

async function countCpu(server: number, home: string): Promise<CpuGroup | string> {
  made += 1;
  try {
    return await CpuGroup.open(`codeland-bench-${process.pid}-${made}`, server, await groupName(home));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Waits until guests are as warm as they get, which has the pool's guests replaced: what is measured is how it stays. */
async function untilWarm(client: Client, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while ((await client.metric('codeland_pool_warming', signal)) !== 0) {
    if (performance.now() > deadline) throw new Error('guests do not become warm: see the server’s log');
    await sleep(WARM_POLL_MS, signal);
  }
  await sleep(SETTLE_MS, signal);
}

async function untilIdle(client: Client, pool: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    const { body } = await client.send('GET', '/api/v1/worker', undefined, signal);
    const counts = isRecord(body['pool']) ? body['pool'] : {};
    const { ready, restoring, leased, retiring } = counts;
    if (ready === pool && restoring === 0 && leased === 0 && retiring === 0) break;
    if (performance.now() > deadline) throw new Error(`the pool is not full: ${JSON.stringify(counts)}`);
    await sleep(POLL_MS, signal);
  }
  await sleep(SETTLE_MS, signal);
}
