import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../src/runner/receipt.ts';
import { pass, useFakeTime } from '../../support/time.ts';

useFakeTime();

const COST = { wallMs: 100, cpuMs: 80, peakMemoryBytes: 4_096 };
/** Whole tenths of a second: the test's clock is a little off with each step. */
const tenths = (ms: number | null) => (ms === null ? null : Math.floor(ms / 100));

test('tells where the time went: queue, take, agent and program, and all of it', async () => {
  const watch = new Stopwatch();
  await pass(1_250);
  watch.take(1_000);
  await pass(500);
  const receipt = watch.receipt({ ...COST, wallMs: 300 }, 3, 4);
  expect({ ...receipt, queueMs: tenths(receipt.queueMs) }).toMatchObject({
    queueMs: 10,
    execMs: 300,
    cpuMs: 80,
    peakMemoryBytes: 4_096,
    bytesIn: 3,
    bytesOut: 4,
  });
  expect([receipt.takeMs, receipt.agentMs, receipt.totalMs].map(tenths)).toEqual([2, 2, 17]);
  expect(tenths(watch.elapsedMs)).toBe(17);
});

test('has no program to tell of when nothing was run', async () => {
  const watch = new Stopwatch();
  watch.take(0);
  await pass(250);
  const receipt = watch.receipt(null, 3, 0);
  expect(receipt).toMatchObject({ execMs: null, cpuMs: null, peakMemoryBytes: null, queueMs: 0 });
  expect(receipt.agentMs).toBe(receipt.totalMs - receipt.takeMs);
});

test('takes no claim of a guest that cannot be: the stages are never negative and add up', async () => {
  const claims = fc.record({
    wallMs: fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }),
    cpuMs: fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }),
    peakMemoryBytes: fc.option(fc.nat()),
  });
  const ms = fc.integer({ min: 0, max: 5_000 });
  await fc.assert(
    fc.asyncProperty(claims, ms, ms, async (claim, queueMs, exchange) => {
      const watch = new Stopwatch();
      await pass(queueMs);
      watch.take(queueMs);
      await pass(exchange);
      const receipt = watch.receipt(claim, 0, 0);
      const { agentMs, execMs, cpuMs, takeMs, totalMs } = receipt;
      for (const part of [agentMs, execMs, cpuMs, takeMs]) expect(part).toBeGreaterThanOrEqual(0);
      expect(receipt.queueMs + takeMs + agentMs + (execMs ?? 0)).toBeCloseTo(totalMs, 1);
      expect(cpuMs).toBeLessThanOrEqual(agentMs + (execMs ?? 0) + 0.01);
    }),
    { numRuns: 50 },
  );
});
