/** For tests under fake timers: the clock is the test's own. */
import { jest } from 'bun:test';

/** Lets every promise that is settled already have its effects. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Lets this much time pass, and all that follows from it at once happen. */
export async function pass(ms: number): Promise<void> {
  await settle();
  jest.advanceTimersByTime(ms);
  await settle();
  jest.advanceTimersByTime(0);
  await settle();
}
