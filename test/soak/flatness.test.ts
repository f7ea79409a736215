import { describe, expect, it } from 'bun:test';
import { Random } from '../support/random.ts';
import { judge, type Point, slope } from './flatness.ts';

const BOUND = { share: 0.05, more: 1 };

/** Half an hour, a point every ten seconds. */
const series = (value: (seconds: number, random: Random) => number): Point[] => {
  const random = new Random(7);
  return Array.from({ length: 180 }, (_, index) => ({
    seconds: index * 10,
    value: value(index * 10, random),
  }));
};

describe('a figure', () => {
  it('that jumps about is flat', () => {
    expect(
      judge(
        series((_, random) => 100 + random.integer(-20, 20)),
        BOUND,
      )?.isFlat,
    ).toBe(true);
  });

  it('that grows steadily is not, however much it jumps about', () => {
    const verdict = judge(
      series((seconds, random) => 100 + seconds / 60 + random.integer(-5, 5)),
      BOUND,
    );
    expect(verdict?.isFlat).toBe(false);
    expect(verdict?.growth).toBeCloseTo(20, -1);
  });

  it('that seems to grow as chance has it is flat', () => {
    const grows = Array.from({ length: 300 }, (_, seed) => {
      const random = new Random(seed);
      const points = Array.from({ length: 30 }, (_unused, seconds) => ({
        seconds,
        value: 100 + random.integer(-50, 50),
      }));
      return judge(points, BOUND);
    });
    expect(
      grows.filter((verdict) => (verdict?.growth ?? 0) > (verdict?.allowed ?? 0)).length,
    ).toBeGreaterThan(50);
    expect(grows.filter((verdict) => verdict?.isFlat === false).length).toBeLessThan(3);
  });

  it('that grows in the first third alone is flat', () => {
    expect(
      judge(
        series((seconds) => Math.min(seconds, 590)),
        BOUND,
      ),
    ).toMatchObject({ growth: 0, isFlat: true });
  });

  it('that is far off for a quarter of the time is flat', () => {
    const outliers = series((seconds, random) => (random.next() < 0.25 ? 1000 + seconds : 100));
    expect(judge(outliers, BOUND)?.isFlat).toBe(true);
  });

  it('that shrinks is flat', () => {
    expect(
      judge(
        series((seconds) => 1000 - seconds / 10),
        BOUND,
      )?.isFlat,
    ).toBe(true);
  });

  it('is not judged by a few points', () => {
    expect(judge(series((seconds) => seconds).slice(0, 9), BOUND)).toBeUndefined();
  });
});

describe('a slope', () => {
  it('of many points is that of some of them', () => {
    const points = Array.from({ length: 5000 }, (_, seconds) => ({ seconds, value: 3 * seconds }));
    expect(slope(points)).toEqual({ median: 3, low: 3 });
  });

  it('of one point is none', () => {
    expect(slope([{ seconds: 1, value: 2 }])).toEqual({ median: 0, low: Number.NEGATIVE_INFINITY });
  });
});
