/**
 * Lifecycles per second: each is a request, its answer, and the guest that takes the place of the one that was used up. A
 * load is cut into slices, with one of every side in each round. What a pool has in stock does not count: a slice ends
 * when the pool is full again.
 */
import type { HttpComparator } from '../comparator.ts';
import { type Bench, find, startServer } from '../lib/bench.ts';
import { Client } from '../lib/client.ts';
import { CpuGroup } from '../lib/cpu.ts';
import { hello } from '../lib/hello.ts';
import { type Loaded, load } from '../lib/load.ts';
import { shuffle } from '../lib/rounds.ts';

/** Each concurrency is measured at this pool, and at this concurrency each pool. */
const POOL = 20;
const CONCURRENCY = 4;
const SLICE_SECONDS = 10;
/** Runs of the native program in each round, for its CPU time. */
const NODE_RUNS = 3;

export type SustainedResult = {
  /** Why CPU times are missing; empty where they are not. */
  readonly noCpu: string;
  readonly loads: readonly SustainedLoad[];
  /** CPU time of a native `node -e` with the same program, measured between the loads, ms. */
  readonly nodeCpuMs: readonly number[];
};

export type SustainedLoad = {
  /** `codeland-20` with the size of its pool, or a comparator's id. */
  readonly id: string;
  readonly concurrency: number;
  readonly slices: readonly Loaded[];
};

export const ownSide = (pool: number): string => `codeland-${pool}`;

type Place = {
  readonly id: string;
  readonly client: Client;
  readonly cpu: CpuGroup | undefined;
  readonly idle: () => Promise<void>;
  /** Loads it is measured under. */
  readonly concurrencies: readonly number[];
};

export async function sustained(bench: Bench, servers: readonly HttpComparator[]): Promise<SustainedResult> {
  const { isQuick, signal, random, onError, say } = bench;
  const concurrencies = isQuick ? [1, CONCURRENCY] : [1, 2, CONCURRENCY, 16];
  await using stack = new AsyncDisposableStack();
  const places: Place[] = [];
  let noCpu = '';
  for (const pool of isQuick ? [5, POOL] : [5, POOL, 80]) {
    const server = stack.use(await startServer(bench, pool));
    const { client, cpu } = server;
    noCpu = server.noCpu;
    const own = { id: ownSide(pool), client, cpu, idle: () => server.untilIdle(signal) };
    places.push({ ...own, concurrencies: pool === POOL ? concurrencies : [CONCURRENCY] });
  }
  for (const { id, url, key, pid } of servers) {
    const name = `codeland-bench-${process.pid}-${id}`;
    const cpu = noCpu === '' ? stack.use(await CpuGroup.open(name, pid)) : undefined;
    // It has nothing to make ready again behind an answer.
    const idle = async () => {};
    const isBwrap = id.includes('bwrap');
    const under = isBwrap ? concurrencies : [CONCURRENCY];
    places.push({ id, client: new Client(url, key), cpu, idle, concurrencies: under });
  }
  const rounds = Math.max(1, Math.round(bench.seconds / SLICE_SECONDS));
  const node = find(bench, 'node');
  const nodeCpuMs: number[] = [];
  const loads: (SustainedLoad & { slices: Loaded[] })[] = [];
  for (const concurrency of concurrencies) {
    const sides = places
      .filter((place) => place.concurrencies.includes(concurrency))
      .map((place) => ({ place, slices: [] as Loaded[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { place, slices } of shuffle(sides, random)) {
        const { client, cpu, idle, id } = place;
        const seconds = bench.seconds / rounds;
        const fault = (error: unknown) => onError(`${concurrency} clients of ${id}`, error);
        slices.push(await load({ client, concurrency, seconds, cpu, idle, signal, onError: fault }));
      }
      for (let run = 0; node && run < NODE_RUNS; run += 1) {
        await node.run(hello('javascript'));
        nodeCpuMs.push(node.cpuMs?.() ?? Number.NaN);
      }
      say(`  ${concurrency} clients, slice ${round + 1} of ${rounds}`);
    }
    loads.push(...sides.map(({ place: { id }, slices }) => ({ id, concurrency, slices })));
  }
  return { noCpu, loads, nodeCpuMs };
}
