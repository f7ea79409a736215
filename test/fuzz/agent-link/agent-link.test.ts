/** The kept streams, and some thousand cases at random; `bench/studies/agent-link-fuzz.ts` runs them for as long as is asked. */
import { describe, expect, test } from 'bun:test';
import { campaign } from './campaign.ts';
import { readCorpus } from './corpus.ts';
import { type Case, Fuzzer, openDescriptors } from './fuzzer.ts';

const SEED = 20_261_122;
const EXECUTIONS = 2_000;
/** Streams up to this length are also written byte by byte. */
const BYTEWISE = 400;
const corpus = readCorpus();

describe('of the kept streams the host takes what it must and no more', () => {
  test.each(corpus.map((entry) => [entry.about, entry] as const))('%s', async (_, entry) => {
    const descriptors = openDescriptors();
    {
      await using fuzzer = await Fuzzer.start();
      const stream: Case = { ...entry.case, pieces: [entry.stream] };
      const bytewise = Array.from(entry.stream, (byte) => Uint8Array.of(byte));
      expect((await fuzzer.run(entry.case)).end).toBe(entry.end);
      expect((await fuzzer.run(stream)).end).toBe(entry.end);
      if (bytewise.length <= BYTEWISE) await fuzzer.run({ ...stream, pieces: bytewise });
      for (const ending of ['drop', 'nothing'] as const) await fuzzer.run({ ...stream, ending });
      await fuzzer.run({ ...stream, interference: { after: 0, act: 'dispose' } });
      await fuzzer.check();
    }
    expect(openDescriptors()).toBe(descriptors);
  });
});

test('cases at random find nothing', async () => {
  const seeds = corpus.map(({ stream }) => stream).filter(({ length }) => length <= BYTEWISE);
  const { finds, coverage } = await campaign({
    seed: SEED,
    seeds,
    isOver: ({ executions }) => executions >= EXECUTIONS,
  });
  expect(finds).toEqual([]);
  // They get far enough: every kind of frame is taken, and links end for all sorts of reasons.
  for (const kind of ['hello', 'prepared', 'stats', 'exit', 'refused', 'stdout', 'stderr']) {
    expect(coverage.get(kind)).toBeGreaterThan(10);
  }
  expect(coverage.size).toBeGreaterThan(15);
});
