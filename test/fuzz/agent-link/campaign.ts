/** A series of cases at random, in rounds that a seed decides; what is new in one is built on in the next. */
import fc from 'fast-check';
import { type Case, Fuzzer, openDescriptors } from './fuzzer.ts';
import { cases } from './generator.ts';

/** Cases in a round. */
const ROUND = 500;
/** How long a round may take, ms: where waits hang, making a find smaller takes for ever. */
const ROUND_MS = 60_000;
/** Streams that are built on at most, and how long such a one may be, bytes: a long one takes the time of a hundred. */
const MOST_SEEDS = 400;
const LONGEST_SEED = 4096;
/** How much the heap may grow over a campaign, bytes. What a campaign keeps itself is a few MiB. */
const HEAP_GROWTH = 32 * 2 ** 20;

export type CampaignOptions = {
  readonly seed: number;
  /** Streams to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** Asked after each round. */
  readonly isOver: (report: Report) => boolean;
};

export type Find = { readonly case: Case; readonly reason: string };

export type Report = {
  /** Cases that were run. */
  readonly executions: number;
  /** How often each kind of frame was taken, and each reason for the end of a link met. */
  readonly coverage: ReadonlyMap<string, number>;
  readonly finds: readonly Find[];
};

/**
 * Runs rounds until it is over. A find ends its round and not the campaign.
 * @throws {Error} When something was left behind: descriptors, memory, or a failure that nobody caught.
 */
export async function campaign({ seed, seeds, isOver }: CampaignOptions): Promise<Report> {
  const descriptors = openDescriptors();
  const coverage = new Map<string, number>();
  const finds: Find[] = [];
  const pool = [...seeds];
  const known = new Set<string>();
  let executions = 0;
  let heapBytes: number | undefined;
  const count = (what: string) => coverage.set(what, (coverage.get(what) ?? 0) + 1);
  {
    await using fuzzer = await Fuzzer.start();
    for (let round = 0; ; round += 1) {
      const property = fc.asyncProperty(cases(pool), async (fuzzCase) => {
        const { taken, end } = await fuzzer.run(fuzzCase);
        for (const kind of taken) count(kind);
        count(withoutNumbers(end));
        const mark = `${runs(taken).slice(0, 6).join()} ${withoutNumbers(end)}`;
        if (known.has(mark) || pool.length >= MOST_SEEDS) return;
        known.add(mark);
        const stream = new Uint8Array(Buffer.concat(fuzzCase.pieces));
        if (stream.length <= LONGEST_SEED) pool.push(stream);
      });
      const details = await fc.check(property, {
        seed: seed + round,
        numRuns: ROUND,
        interruptAfterTimeLimit: ROUND_MS,
      });
      const [failed] = details.counterexample ?? [];
      if (failed) finds.push({ case: failed, reason: reasonOf(details.errorInstance) });
      await fuzzer.check();
      executions = fuzzer.cases;
      Bun.gc(true);
      // The first round compiles and fills what stays.
      heapBytes ??= process.memoryUsage().heapUsed;
      if (isOver({ executions, coverage, finds })) break;
    }
  }
  const grown = process.memoryUsage().heapUsed - (heapBytes ?? 0);
  if (grown > HEAP_GROWTH) throw new Error(`the heap has grown by ${grown} bytes`);
  const left = openDescriptors() - descriptors;
  if (left > 0) throw new Error(`${left} descriptors were left open`);
  return { executions, coverage, finds };
}

/** Kinds of frames without repetition in a row. */
const runs = (taken: readonly string[]) => taken.filter((kind, index) => kind !== taken[index - 1]);

const withoutNumbers = (text: string) => text.replace(/\d+/g, 'N');

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
