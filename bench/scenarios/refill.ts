/**
 * Claims one after the other without a pause, so that the pool restores guests behind each: how late the latest are. Each
 * batch ends before the pool is empty, and the next one begins when it is full again.
 */
import { type Bench, startServer } from '../lib/bench.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';

const POOL = 20;
/** Claims of a batch that count; before them comes one that has no refill behind it. */
const BATCH = 12;

export type RefillResult = {
  readonly pool: number;
  /** Times of claims, ms. */
  readonly values: readonly number[];
  /** Claims that found the pool empty: they are in `values` too. */
  readonly queued: number;
};

export async function refill(bench: Bench): Promise<RefillResult> {
  const { isQuick, signal, onError } = bench;
  await using server = await startServer(bench, POOL);
  const values: number[] = [];
  let queued = 0;
  const batches = isQuick ? 4 : 25;
  for (let batch = 0; batch < batches; batch += 1) {
    await server.untilIdle(signal);
    for (let claim = 0; claim <= BATCH; claim += 1) {
      signal.throwIfAborted();
      try {
        const { ms, queueMs } = await server.client.run(hello('javascript'), HELLO_OUTPUT);
        if (claim === 0) continue;
        values.push(ms);
        if (queueMs > 0) queued += 1;
      } catch (error) {
        onError('a claim with the refill behind', error);
      }
    }
  }
  return { pool: POOL, values, queued };
}
