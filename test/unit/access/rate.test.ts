import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { RateLimitError, RateLimiter, type RateState } from '../../../src/access/rate.ts';
import { thrown } from '../../support/failure.ts';

function stateOf(admit: () => RateState): RateState {
  try {
    return admit();
  } catch (error) {
    if (error instanceof RateLimitError) return error.rate;
    throw error;
  }
}

describe('requests in a minute', () => {
  test('are counted from the first on, and begin anew when the minute is over', () => {
    let now = 1_000_000.25;
    const limiter = new RateLimiter(() => now);
    expect(limiter.admit('a', 2)).toEqual({ limit: 2, remaining: 1, resetSeconds: 60 });
    now += 30_500;
    expect(limiter.admit('a', 2)).toEqual({ limit: 2, remaining: 0, resetSeconds: 30 });
    now += 29_499;
    const error = thrown(() => limiter.admit('a', 2));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({
      name: 'tooManyRequests',
      retryAfterSeconds: 1,
      rate: { limit: 2, remaining: 0, resetSeconds: 1 },
    });
    now += 1;
    expect(limiter.admit('a', 2)).toEqual({ limit: 2, remaining: 1, resetSeconds: 60 });
  });

  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    after: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 130_000 })),
  });

  test('are never more than the limit in a window, and waiting as told always helps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
        let now = 0;
        const limiter = new RateLimiter(() => now);
        /** Key → when its window began, and the requests admitted in it. */
        const model = new Map<string, { began: number; used: number }>();
        for (const { key, after } of steps) {
          now += after;
          const present = model.get(key);
          const window = present && now < present.began + 60_000 ? present : { began: now, used: 0 };
          model.set(key, window);
          const resetSeconds = Math.ceil((window.began + 60_000 - now) / 1000);
          if (window.used < limit) {
            window.used += 1;
            expect(limiter.admit(key, limit)).toEqual({
              limit,
              remaining: limit - window.used,
              resetSeconds,
            });
          } else {
            expect(thrown(() => limiter.admit(key, limit))).toMatchObject({
              retryAfterSeconds: resetSeconds,
            });
          }
        }
        const told = [...model.keys()].map((key) => {
          const { remaining, resetSeconds } = stateOf(() => limiter.admit(key, limit));
          return remaining === 0 ? resetSeconds : 0;
        });
        now += Math.max(0, ...told) * 1000;
        for (const key of model.keys()) limiter.admit(key, limit);
      }),
    );
  });
});
