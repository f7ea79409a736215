/** Where the time of a claim goes, as the server itself tells it, and what is left to the way there and back. */
import { sleep } from '../../src/lib/deadline.ts';
import { type Bench, startServer } from '../lib/bench.ts';
import { HELLO_OUTPUT, hello } from '../lib/hello.ts';
import { parseServerTiming } from '../lib/server-timing.ts';
import { median } from '../lib/statistics.ts';

const POOL = 4;

/** Stages that are the guest's; all others are the server's. */
const GUEST_STAGES = ['agent', 'exec'];
/** What the header has beside the stages: sums of them, and a part of one. `queue` is no work. */
const NO_STAGES = ['total', 'guest', 'overhead', 'resume', 'queue'];

export type StagesResult = {
  readonly requests: number;
  /** Medians, ms, in the order of the server's header; stages that make up the request. */
  readonly stages: readonly { readonly name: string; readonly ms: number; readonly isGuest: boolean }[];
  /** Median time that the client sees, ms. */
  readonly clientMs: number;
  /** Median of the server's own part, from its first handler to the answer, ms. */
  readonly overheadMs: number;
  /** Median of what the client sees less what the guest has of it, ms: with HTTP, the kernel and the client itself. */
  readonly outsideMs: number;
};

export async function stages(bench: Bench): Promise<StagesResult> {
  const { isQuick, signal, onError } = bench;
  await using server = await startServer(bench, POOL);
  const seen = new Map<string, number[]>();
  const client: number[] = [];
  const overhead: number[] = [];
  const outside: number[] = [];
  const requests = isQuick ? 15 : 100;
  for (let request = -1; request < requests; request += 1) {
    await server.untilIdle(signal);
    await sleep(1, signal);
    try {
      const { ms, serverTiming } = await server.client.run(hello('javascript'), HELLO_OUTPUT);
      if (request < 0) continue;
      const all = parseServerTiming(serverTiming);
      const told = all.filter(({ name }) => !NO_STAGES.includes(name));
      for (const stage of told) seen.set(stage.name, [...(seen.get(stage.name) ?? []), stage.ms]);
      const guest = told.filter(({ name }) => GUEST_STAGES.includes(name));
      client.push(ms);
      outside.push(ms - guest.reduce((sum, stage) => sum + stage.ms, 0));
      overhead.push(all.find(({ name }) => name === 'overhead')?.ms ?? Number.NaN);
    } catch (error) {
      onError('a claim for its stages', error);
    }
  }
  return {
    requests,
    stages: [...seen].map(([name, values]) => ({
      name,
      ms: median(values),
      isGuest: GUEST_STAGES.includes(name),
    })),
    clientMs: median(client),
    overheadMs: median(overhead),
    outsideMs: median(outside),
  };
}
