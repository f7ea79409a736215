import { describe, expect, test } from 'bun:test';
import { RunnerNotAvailableError } from '../../../src/runner/errors.ts';
import type { Lease } from '../../../src/runner/lease.ts';
import type { RunnerPool } from '../../../src/runner/pool.ts';
import { failure } from '../../support/failure.ts';
import { claim, FakeTemplate } from '../../support/fake-template.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const WAIT_SECONDS = 10;

/** One who waits, and what came of it so far. */
function wait(pool: RunnerPool, waitSeconds = WAIT_SECONDS) {
  const leave = new AbortController();
  const waiter: { lease?: Lease; error?: unknown; leave: AbortController } = { leave };
  claim(pool, { waitSeconds, signal: leave.signal }).then(
    (lease) => {
      waiter.lease = lease;
    },
    (error: unknown) => {
      waiter.error = error;
    },
  );
  return waiter;
}

/** Whole seconds that somebody is told to wait who comes now and does not want to. */
async function retryAfter(pool: RunnerPool): Promise<number | undefined> {
  const error = await failure(claim(pool));
  return error instanceof RunnerNotAvailableError ? error.retryAfterSeconds : undefined;
}

/** Whole tenths of a second: the test's clock is a little off with each step. */
const tenths = (ms: number | null | undefined) => Math.floor((ms ?? Number.NaN) / 100);

const giveBack = (...waiters: { lease?: Lease }[]) =>
  Promise.all(waiters.map(({ lease }) => lease?.[Symbol.asyncDispose]()));

describe('the queue', () => {
  test('gives guests in the order of arrival', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 3, refillWorkers: 3 });
    pool.start();
    const waiters = [wait(pool), wait(pool), wait(pool)];
    await pass(0);
    expect(pool.counts).toMatchObject({ waiting: 3, restoring: 3 });
    for (const [served, waiter] of waiters.entries()) {
      const guest = await template.finish();
      expect(waiter.lease?.guest.name).toBe(guest.name);
      expect(waiters.filter(({ lease }) => lease)).toHaveLength(served + 1);
    }
    expect(pool.counts).toMatchObject({ waiting: 0, ready: 0, leased: 3 });
    await giveBack(...waiters);
    await pass(0);
    await template.finish();
  });

  test('lets nobody overtake, however little they want to wait', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 2, refillWorkers: 1 });
    pool.start();
    const [first, second] = [wait(pool), wait(pool)];
    await template.finish();
    // A guest came, and is the first one's already.
    expect(await retryAfter(pool)).toBeGreaterThan(0);
    const third = wait(pool);
    await pass(0);
    await template.finish();
    expect([first.lease, second.lease, third.lease].map(Boolean)).toEqual([true, true, false]);
    third.leave.abort();
    await giveBack(first, second);
    await pass(0);
    await template.finish();
  });

  test('gives up at the deadline, and says when to come again', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, refillWorkers: 1 });
    pool.start();
    const waiter = wait(pool);
    await pass(WAIT_SECONDS * 1000 - 100);
    expect(waiter.error).toBeUndefined();
    expect(pool.counts.waiting).toBe(1);
    await pass(200);
    expect(waiter.error).toBeInstanceOf(RunnerNotAvailableError);
    expect(waiter.error).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(pool.counts.waiting).toBe(0);
    await template.finish();
    expect(pool.counts.ready).toBe(1);
  });

  test('is left by one who is gone; the next one moves up', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 1 });
    pool.start();
    const [gone, next] = [wait(pool), wait(pool)];
    const reason = new Error('gone');
    gone.leave.abort(reason);
    await settle();
    expect(gone.error).toBe(reason);
    expect(pool.counts.waiting).toBe(1);
    const guest = await template.finish();
    expect(next.lease?.guest.name).toBe(guest.name);
    // The one who was served can no longer leave.
    next.leave.abort();
    await settle();
    expect(guest.ends).toBe(0);
    template.memory = 0;
    await giveBack(next);
  });

  test('is bounded', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ queueLimit: 2 });
    const waiters = [wait(pool), wait(pool)];
    expect(await failure(claim(pool, { waitSeconds: 10 }))).toBeInstanceOf(RunnerNotAvailableError);
    expect(pool.queueStats).toMatchObject({ length: 2, limit: 2 });
    waiters[0]?.leave.abort();
    await settle();
    const third = wait(pool);
    expect(pool.queueStats.length).toBe(2);
    expect(third.error).toBeUndefined();
  });

  test('of no places makes nobody wait', async () => {
    await using pool = new FakeTemplate().pool({ queueLimit: 0 });
    expect(await failure(claim(pool, { waitSeconds: 10 }))).toBeInstanceOf(RunnerNotAvailableError);
  });

  test('raises the demand by each who waits, within what there may be', async () => {
    for (const [maxGuests, started] of [
      [10, 5],
      [3, 3],
    ] as const) {
      const template = new FakeTemplate();
      await using pool = template.pool({ target: 2, maxGuests, refillWorkers: 10 });
      pool.start();
      expect(template.started).toBe(2);
      const waiters = [wait(pool), wait(pool), wait(pool)];
      await pass(0);
      expect(template.started).toBe(started);
      for (const { leave } of waiters) leave.abort();
      while (template.waiting > 0) await template.finish();
    }
  });

  test('that is full, with as many guests as there may be, makes no more; each place is filled again', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 2, maxGuests: 2, queueLimit: 3 });
    pool.start();
    await template.finish();
    await template.finish();
    let leases = [await claim(pool), await claim(pool)];
    const waiters = [wait(pool, 1_000), wait(pool, 1_000), wait(pool, 1_000)];
    expect(await retryAfter(pool)).toBeGreaterThan(0);
    for (let left = 3; left > 0; left -= 1) {
      await pass(LONG);
      const { ready, restoring, leased, retiring, waiting } = pool.counts;
      expect({ ready, restoring, retiring, leased, waiting }).toEqual({
        ready: 0,
        restoring: 0,
        retiring: 0,
        leased: 2,
        waiting: left,
      });
      await leases.shift()?.[Symbol.asyncDispose]();
      await pass(0);
      await template.finish();
      leases = [...leases, ...waiters.flatMap(({ lease = [] }) => lease).slice(-1)];
    }
    expect(template.started).toBe(5);
    for (const lease of leases) await lease[Symbol.asyncDispose]();
    await pass(0);
    await template.finish();
    await template.finish();
  });
});

describe('what waits are told', () => {
  test('a lease tells how long it was waited for, and the pool of the latest', async () => {
    const template = new FakeTemplate();
    const waited: number[] = [];
    const observer = {
      restored() {},
      restoreFailed() {},
      lost() {},
      stuck() {},
      waited: (ms: number) => waited.push(ms),
    };
    await using pool = template.pool({ target: 1, maxGuests: 1, observer });
    expect(pool.queueStats.waits).toEqual({ count: 0, meanMs: null, p95Ms: null, maxMs: null });
    pool.start();
    const served = wait(pool);
    const late = wait(pool, 2);
    const gone = wait(pool);
    await pass(300);
    gone.leave.abort();
    await pass(200);
    await template.finish();
    expect(tenths(served.lease?.queueMs)).toBe(5);
    await pass(LONG);
    expect(late.error).toBeInstanceOf(RunnerNotAvailableError);
    // Who left says nothing of how long one waits here.
    expect(waited.map(tenths)).toEqual([5, 20]);
    const { count, meanMs, p95Ms, maxMs } = pool.queueStats.waits;
    expect([count, ...[meanMs, p95Ms, maxMs].map(tenths)]).toEqual([2, 12, 20, 20]);
    template.memory = 0;
    await giveBack(served);
  });

  test('a lease that was not waited for says 0, and is no wait', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 1 });
    pool.start();
    await template.finish();
    template.memory = 0;
    await using lease = await claim(pool, { waitSeconds: 5 });
    expect(lease.queueMs).toBe(0);
    expect(pool.queueStats.waits.count).toBe(0);
  });
});

describe('Retry-After', () => {
  test('is the time in which those ahead and oneself get a guest, at the measured rate', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 9, refillWorkers: 1 });
    expect(pool.refill).toEqual({ meanRestoreMs: null, perSecond: null });
    pool.start();
    await pass(2_900);
    await template.finish();
    const { meanRestoreMs, perSecond } = pool.refill;
    expect(tenths(meanRestoreMs)).toBe(29);
    expect(perSecond).toBeCloseTo(1 / 2.9);
    const lease = await claim(pool);
    expect(await retryAfter(pool)).toBe(3);
    const waiters = [wait(pool), wait(pool)];
    expect(await retryAfter(pool)).toBe(9);
    for (const { leave } of waiters) leave.abort();
    await settle();
    expect(await retryAfter(pool)).toBe(3);
    await lease[Symbol.asyncDispose]();
    await pass(0);
    await template.finish();
  });

  test('counts workers that have room for a guest', async () => {
    for (const [maxGuests, seconds] of [
      [5, 2],
      [2, 4],
    ] as const) {
      const template = new FakeTemplate();
      await using pool = template.pool({ target: 1, maxGuests, refillWorkers: 2 });
      pool.start();
      await pass(3_900);
      await template.finish();
      await using _lease = await claim(pool);
      expect(await retryAfter(pool)).toBe(seconds);
      template.memory = 0;
    }
  });

  test('grows by the pause after a failure', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, refillWorkers: 1 });
    pool.start();
    for (let round = 0; round < 9; round += 1) {
      await template.fail();
      await pass(LONG);
    }
    const before = await retryAfter(pool);
    await template.fail();
    // The longest pause.
    expect(await retryAfter(pool)).toBe((before ?? 0) + 30);
    await pass(LONG);
    await template.finish();
  });
});
