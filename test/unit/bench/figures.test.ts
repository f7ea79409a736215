import { describe, expect, it } from 'bun:test';
import { readOptions, SCENARIOS } from '../../../bench/lib/options.ts';
import { measure, shuffle } from '../../../bench/lib/rounds.ts';
import { parseServerTiming } from '../../../bench/lib/server-timing.ts';
import { quantile, ratioByRound, summarize } from '../../../bench/lib/statistics.ts';
import { Random } from '../../support/random.ts';

describe('statistics', () => {
  it('interpolates between the two values next to a quantile, in any order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('summarizes nothing as nothing', () => {
    expect(summarize([])).toBeUndefined();
    expect(summarize([3, 1, 2])).toMatchObject({ count: 3, median: 2, least: 1, most: 3 });
  });

  it('compares what was measured in the same round, and leaves out a round that misses one', () => {
    expect(ratioByRound([2, undefined, 9, 40], [1, 5, 3, 10])).toMatchObject({ rounds: 3, median: 3 });
    expect(ratioByRound([undefined], [1])).toBeUndefined();
  });
});

describe('measuring in rounds', () => {
  const options = (errors: string[]) => ({
    random: new Random(1),
    signal: new AbortController().signal,
    onError: (side: string) => void errors.push(side),
  });

  it('runs each side once in a round, and a slow one in some of them', async () => {
    const errors: string[] = [];
    const sides = [
      { id: 'own', run: async () => 1 },
      { id: 'slow', every: 3, run: async () => 2 },
    ];
    const measured = await measure({ rounds: 4, sides, ...options(errors) });
    expect(measured.get('own')).toEqual([1, 1, 1, 1]);
    const slow = measured.get('slow') ?? [];
    expect([0, 1, 2, 3].map((round) => slow[round])).toEqual([2, undefined, undefined, 2]);
    expect(errors).toEqual([]);
  });

  it('tells of a failure, leaves its value out, and gives a side up that only fails', async () => {
    const errors: string[] = [];
    let runs = 0;
    const failing = async () => {
      runs += 1;
      throw new Error('no');
    };
    const sides = [
      { id: 'broken', run: failing },
      { id: 'own', run: async () => 1 },
    ];
    const measured = await measure({ rounds: 6, sides, ...options(errors) });
    expect(errors).toEqual(['broken', 'broken', 'broken']);
    expect(runs).toBe(3);
    expect(measured.get('broken')).toEqual([]);
    expect(measured.get('own')).toHaveLength(6);
  });

  it('ends with the signal', async () => {
    const sides = [{ id: 'own', run: async () => 1 }];
    const signal = AbortSignal.abort(new Error('enough'));
    const measuring = measure({ rounds: 1, sides, ...options([]), signal });
    await expect(measuring).rejects.toThrow('enough');
  });

  it('makes every order by chance, of all there is', () => {
    const orders = Array.from({ length: 60 }, (_, seed) =>
      shuffle(['a', 'b', 'c'], new Random(seed)).join(''),
    );
    expect(new Set(orders)).toEqual(new Set(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']));
  });
});

describe('Server-Timing', () => {
  it('has stages with a duration, in their order', () => {
    expect(parseServerTiming('auth;dur=0.1, take;desc="a";dur=2, miss')).toEqual([
      { name: 'auth', ms: 0.1 },
      { name: 'take', ms: 2 },
    ]);
    expect(parseServerTiming('')).toEqual([]);
  });
});

describe('the command line', () => {
  it('runs everything for a minute each, without options', () => {
    expect(readOptions([])).toMatchObject({ scenarios: SCENARIOS, seconds: 60, isQuick: false });
    expect(readOptions(['--quick', '--only', 'stages, claim'])).toMatchObject({
      scenarios: ['claim', 'stages'],
      seconds: 6,
    });
  });

  it.each([
    [['--only', 'claims'], 'there is no "claims"; there are claim, '],
    [['--seconds', '0'], '--seconds is "0"'],
    [['--seed', 'x'], '--seed is "x"'],
    [['everything'], '"everything" is no option'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %p', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
