/** The time from a request to the answer of a hello world, one request at a time, on a full pool where nothing else runs. */
import { type Bench, helloSides, startServer } from '../lib/bench.ts';
import { HELLO_OUTPUT, hello, LANGUAGES } from '../lib/hello.ts';
import { type Measured, measure, type Side } from '../lib/rounds.ts';

const POOL = 8;
/** A comparator that takes longer than this for one run is measured in fewer rounds, and in its first language, ms. */
const SLOW_MS = 1_000;
const SLOW_EVERY = 10;

export type ClaimResult = { readonly pool: number; readonly rounds: number; readonly measured: Measured };

/** As a side of rounds. */
export const claimSide = (language: (typeof LANGUAGES)[number]): string => `claim-${language}`;

export async function claim(bench: Bench): Promise<ClaimResult> {
  const { isQuick, random, signal, comparators, onError } = bench;
  await using server = await startServer(bench, POOL);
  const idle = () => server.untilIdle(signal);
  const ours = LANGUAGES.map(
    (language): Side => ({
      id: claimSide(language),
      prepare: idle,
      run: async () => (await server.client.run(hello(language), HELLO_OUTPUT)).ms,
    }),
  );
  const theirs: Side[] = [];
  for (const comparator of comparators) {
    const [first, ...others] = helloSides(comparator, idle);
    if (!first) continue;
    // The first run of each is not measured: it reads from the disk what later ones find in memory.
    const trial = await measure({ rounds: 1, sides: [first], random, signal, onError });
    const ms = trial.get(first.id)?.[0];
    if (ms === undefined || ms > SLOW_MS) {
      theirs.push({ ...first, every: isQuick ? 5 : SLOW_EVERY });
    } else {
      await measure({ rounds: 1, sides: others, random, signal, onError });
      theirs.push(first, ...others);
    }
  }
  await measure({ rounds: 1, sides: ours, random, signal, onError });
  const rounds = isQuick ? 15 : 100;
  const measured = await measure({ rounds, sides: [...ours, ...theirs], random, signal, onError });
  return { pool: POOL, rounds, measured };
}
