import { expect, test } from 'bun:test';
import { WaitTimes } from '../../../src/runner/wait-times.ts';

const timesOf = (...waits: number[]) => {
  const times = new WaitTimes();
  for (const ms of waits) times.add(ms);
  return times;
};

test('tells nothing of no waits', () => {
  expect(new WaitTimes().stats).toEqual({ count: 0, meanMs: null, p95Ms: null, maxMs: null });
});

test('tells of one wait', () => {
  expect(timesOf(7).stats).toEqual({ count: 1, meanMs: 7, p95Ms: 7, maxMs: 7 });
});

test('has 19 of 20 waits no longer than p95, in whatever order they came', () => {
  const waits = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);
  expect(timesOf(...waits).stats).toEqual({ count: 100, meanMs: 50.5, p95Ms: 95, maxMs: 100 });
});

test('forgets waits of long ago', () => {
  const times = timesOf(1_000_000, ...Array.from({ length: 1_000 }, () => 5));
  expect(times.stats).toMatchObject({ meanMs: 5, maxMs: 5 });
  expect(times.stats.count).toBeLessThan(1_000);
});
