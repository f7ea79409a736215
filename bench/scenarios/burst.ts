/** Fifty requests in one moment on a pool of eight: most have to wait for a restore. */
import type { HttpComparator } from '../comparator.ts';
import { type Bench, startServer } from '../lib/bench.ts';
import { Client } from '../lib/client.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';
import { shuffle } from '../lib/rounds.ts';

const POOL = 8;
const REQUESTS = 50;

export type BurstResult = {
  readonly pool: number;
  readonly requests: number;
  readonly bursts: number;
  readonly sides: readonly {
    readonly id: string;
    /** Times of all answers, ms. */
    readonly values: readonly number[];
    readonly errors: number;
  }[];
};

export async function burst(bench: Bench, servers: readonly HttpComparator[]): Promise<BurstResult> {
  const { isQuick, random, signal, onError } = bench;
  await using server = await startServer(bench, POOL);
  const bursts = isQuick ? 1 : 5;
  const others = servers.map(({ id, url, key }) => ({ id, client: new Client(url, key) }));
  const sides = [{ id: 'codeland', client: server.client }, ...others].map((side) => {
    const values: number[] = [];
    return { ...side, values, errors: 0 };
  });
  for (let round = 0; round < bursts; round += 1) {
    for (const side of shuffle(sides, random)) {
      await server.untilIdle(signal);
      const outcomes = await Promise.allSettled(
        Array.from({ length: REQUESTS }, () => side.client.run(hello('javascript'), HELLO_OUTPUT)),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') side.values.push(outcome.value.ms);
        else {
          side.errors += 1;
          onError(`a burst on ${side.id}`, outcome.reason);
        }
      }
    }
  }
  const told = sides.map(({ id, values, errors }) => ({ id, values, errors }));
  return { pool: POOL, requests: REQUESTS, bursts, sides: told };
}
