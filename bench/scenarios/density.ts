/** What ready guests cost that do nothing: memory, CPU time, the server's start, and the claims of a large pool. */
import { sleep } from '../../src/lib/deadline.ts';
import { type Bench, startServer } from '../lib/bench.ts';
import type { ServiceCpu } from '../lib/cpu.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';
import { difference } from '../lib/load.ts';
import { type Memory, readMemory } from '../lib/memory.ts';
import { type Measured, measure } from '../lib/rounds.ts';
import type { BenchServer } from '../lib/server.ts';

const POOL = 20;
const LARGE_POOL = 80;
const SMALL_POOL = 5;

export type PoolCost = {
  readonly pool: number;
  readonly startMs: number;
  readonly memory: Memory;
};

export type DensityResult = {
  readonly pools: readonly PoolCost[];
  readonly idle: {
    readonly pool: number;
    readonly seconds: number;
    readonly cpu: ServiceCpu | undefined;
  };
  readonly rounds: number;
  /** Claims of JavaScript; sides as {@link poolSide} names them. */
  readonly measured: Measured;
};

export const poolSide = (pool: number): string => `pool-${pool}`;
export const COMPARED_POOLS = { small: SMALL_POOL, large: LARGE_POOL } as const;

export async function density(bench: Bench): Promise<DensityResult> {
  const { isQuick, random, signal, onError } = bench;
  const pools: PoolCost[] = [];
  {
    // Alone: programs and libraries that other servers' guests map too would be divided by these as well.
    await using server = await startServer(bench, POOL);
    pools.push(await costOf(server));
  }
  await using large = await startServer(bench, LARGE_POOL);
  pools.push(await costOf(large));
  const seconds = isQuick ? 5 : 30;
  const before = await large.cpu?.read();
  await sleep(seconds * 1000, signal);
  const after = await large.cpu?.read();
  const idle = { pool: LARGE_POOL, seconds, cpu: before && after && difference(after, before) };

  await using small = await startServer(bench, SMALL_POOL);
  const sides = [small, large].map((server) => ({
    id: poolSide(server.pool),
    prepare: () => Promise.all([small, large].map((each) => each.untilIdle(signal))).then(() => {}),
    run: async () => (await server.client.run(hello('javascript'), HELLO_OUTPUT)).ms,
  }));
  const rounds = isQuick ? 10 : 60;
  const measured = await measure({ rounds, sides, random, signal, onError });
  return { pools, idle, rounds, measured };
}

const costOf = async (server: BenchServer): Promise<PoolCost> => ({
  pool: server.pool,
  startMs: server.startMs,
  memory: await readMemory(server.pid, server.cpu?.folders ?? []),
});
