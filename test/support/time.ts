/** For tests under fake timers: the clock is the test's own. */
import { afterEach, beforeEach, expect, jest } from 'bun:test';

/** Longer than any single wait of a pool, ms. */
export const LONG = 60_000;

/** Gives each test of a file the clock. No test may leave a timer behind. */
export function useFakeTime(): void {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
}

/** Lets every promise that is settled already have its effects, and what was put off to the next turn happen. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    // The clock's own turns are real.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets this much time pass, and all that follows from it at once happen. */
export async function pass(ms: number): Promise<void> {
  await settle();
  jest.advanceTimersByTime(ms);
  await settle();
  jest.advanceTimersByTime(0);
  await settle();
}
