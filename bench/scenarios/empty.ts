/**
 * The time from a request to its answer when no guest is ready and none is on its way: another request, sent in the same
 * moment, takes the only one. Both are on the server at once, so the restore has no head start.
 */
import { type Bench, find, helloSides, startServer } from '../lib/bench.ts';
import { type Client, RUN_ONCE } from '../lib/client.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';
import { type Measured, measure } from '../lib/rounds.ts';

const POOL = 1;
const COMPARED = ['node', 'bwrap-node', 'python3'];
/** Chance may give the guest to the wrong one of the two requests. */
const TRIES = 5;

export type EmptyResult = { readonly rounds: number; readonly measured: Measured };

export async function empty(bench: Bench): Promise<EmptyResult> {
  const { isQuick, random, signal, onError } = bench;
  await using server = await startServer(bench, POOL);
  const idle = () => server.untilIdle(signal);
  const ours = {
    id: 'empty-javascript',
    prepare: idle,
    run: async () => {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const ms = await fromEmpty(server.client);
        if (ms !== undefined) return ms;
        await idle();
      }
      throw new Error('the request was given a guest at once, each time');
    },
  };
  const theirs = COMPARED.flatMap((id) => {
    const comparator = find(bench, id);
    return comparator ? helloSides(comparator, idle) : [];
  });
  const rounds = isQuick ? 5 : 30;
  return { rounds, measured: await measure({ rounds, sides: [ours, ...theirs], random, signal, onError }) };
}

/** Undefined when the run did not have to wait. */
async function fromEmpty(client: Client): Promise<number | undefined> {
  const taking = client.send('POST', '/api/v1/runner/new?wait=60', {});
  const [taken, run] = await Promise.allSettled([
    taking,
    client.run(hello('javascript'), HELLO_OUTPUT, { path: RUN_ONCE }),
  ]);
  if (taken.status === 'fulfilled') {
    await client.send('DELETE', `/api/v1/runner/${String(taken.value.body['runner'])}`);
  }
  if (run.status === 'rejected') throw run.reason;
  return run.value.queueMs > 0 ? run.value.ms : undefined;
}
