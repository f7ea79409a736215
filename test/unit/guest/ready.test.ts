import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { RestoreProofError } from '../../../src/guest/errors.ts';
import { nowMicros, SeenDraws } from '../../../src/guest/ready.ts';
import { thrown } from '../../support/failure.ts';

/** Draws that are remembered at the least and at the most. */
const FEWEST = 1_000;
const MOST = 12_000;

const addRange = (seen: SeenDraws, from: number, to: number) => {
  for (let draw = from; draw < to; draw += 1) seen.add({ kernel: `draw-${draw}` });
};

describe('SeenDraws', () => {
  test('refuses a draw that an earlier clone made, and names its generator', () => {
    const seen = new SeenDraws();
    seen.add({ kernel: 'a', bun: 'b' });
    seen.add({ kernel: 'c', bun: 'd' });
    const error = thrown(() => seen.add({ kernel: 'e', bun: 'b' }));
    expect(error).toBeInstanceOf(RestoreProofError);
    expect(error).toMatchObject({ message: expect.stringContaining('bun') });
  });

  test('tells the generators apart: only a repeat of the same one is a repeat', () => {
    const seen = new SeenDraws();
    seen.add({ kernel: 'a', bun: 'b' });
    expect(() => seen.add({ kernel: 'b', bun: 'a' })).not.toThrow();
  });

  test('remembers the latest draws, however many came before them', () => {
    const seen = new SeenDraws();
    addRange(seen, 0, MOST);
    for (const draw of [MOST - 1, MOST - FEWEST]) {
      expect(thrown(() => seen.add({ kernel: `draw-${draw}` }))).toBeInstanceOf(RestoreProofError);
    }
  });

  test('forgets the oldest, so that it stays bounded', () => {
    const seen = new SeenDraws();
    addRange(seen, 0, MOST);
    expect(() => addRange(seen, 0, FEWEST)).not.toThrow();
  });

  test('accepts all different draws and refuses any repeat among the latest', () => {
    const draws = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(draws, fc.nat(), (list, choice) => {
        const seen = new SeenDraws();
        for (const draw of list) seen.add({ kernel: draw });
        const repeated = list[choice % list.length] ?? '';
        expect(thrown(() => seen.add({ kernel: repeated }))).toBeInstanceOf(RestoreProofError);
      }),
    );
  });
});

test('nowMicros is whole microseconds of the wall clock', () => {
  const before = Date.now() - 1_000;
  const now = nowMicros();
  expect(Number.isSafeInteger(now)).toBe(true);
  expect(now / 1000).toBeGreaterThan(before);
});
