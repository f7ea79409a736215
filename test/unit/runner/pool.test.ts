import { describe, expect, test } from 'bun:test';
import { RunnerNotAvailableError } from '../../../src/runner/errors.ts';
import { failure } from '../../support/failure.ts';
import { claim, FakeTemplate, useUp } from '../../support/fake-template.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

/** Less than a guest may take to be ready, or to end, ms. */
const SOME_TIME = 10_000;

useFakeTime();

describe('filling', () => {
  test('restores as many as it has workers for, until the target is reached', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 3, maxGuests: 10, refillWorkers: 2 });
    expect(template.started).toBe(0);
    pool.start();
    expect(template.waiting).toBe(2);
    expect(pool.counts).toMatchObject({ target: 3, ready: 0, restoring: 2 });
    await template.finish();
    await pass(0);
    expect(pool.counts).toMatchObject({ ready: 1, restoring: 2 });
    await template.finish();
    await template.finish();
    await pass(LONG);
    expect(pool.counts).toMatchObject({ ready: 3, restoring: 0 });
    expect(template.started).toBe(3);
    expect(template.mostRestoring).toBe(2);
  });

  test('gives every guest a name of its own', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 4, refillWorkers: 4 });
    pool.start();
    for (let guest = 0; guest < 4; guest += 1) await template.finish();
    await useUp(pool);
    await pass(0);
    await template.finish();
    expect(new Set(template.guests.map(({ name }) => name)).size).toBe(5);
  });

  test('never has more guests than it may: in use, ready, being restored and being ended together', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 2, maxGuests: 3, refillWorkers: 2 });
    pool.start();
    const first = await template.finish();
    await template.finish();
    const leases = [await claim(pool), await claim(pool)];
    await pass(SOME_TIME);
    expect(pool.counts).toMatchObject({ leased: 2, restoring: 1, ready: 0 });

    const ending = Promise.withResolvers<void>();
    first.ending = ending.promise;
    void leases[0]?.[Symbol.asyncDispose]();
    await pass(SOME_TIME);
    expect(pool.counts).toMatchObject({ leased: 1, restoring: 1, retiring: 1 });

    // One more is ready now, and still none is restored while the used one is not gone.
    await template.finish();
    await pass(SOME_TIME);
    expect(pool.counts).toMatchObject({ leased: 1, ready: 1, restoring: 0, retiring: 1 });

    ending.resolve();
    await pass(0);
    expect(pool.counts).toMatchObject({ leased: 1, ready: 1, restoring: 1, retiring: 0 });
    void leases[1]?.[Symbol.asyncDispose]();
    await template.finish();
  });

  test('tells when guests are ready', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 2 });
    let isReady = false;
    const ready = pool.whenReady(2, new AbortController().signal).then(() => {
      isReady = true;
    });
    pool.start();
    await template.finish();
    expect(isReady).toBe(false);
    await template.finish();
    await ready;
    expect(pool.counts.ready).toBe(2);
  });

  test('tells nobody any more who does not want to wait', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool();
    const given = new AbortController();
    const ready = pool.whenReady(1, given.signal).catch((error: unknown) => error);
    const reason = new Error('enough');
    given.abort(reason);
    expect(await ready).toBe(reason);
    expect(await pool.whenReady(1, given.signal).catch((error: unknown) => error)).toBe(reason);
  });
});

describe('handing out', () => {
  test('hands each guest out once, the one that waited longest first, and refills behind it', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool();
    pool.start();
    const guests = [await template.finish(), await template.finish()];
    const leases = [await claim(pool), await claim(pool)];
    expect(leases.map(({ guest }) => guest.name)).toEqual(guests.map(({ name }) => name));
    expect(await failure(claim(pool))).toBeInstanceOf(RunnerNotAvailableError);
    // Nothing is restored in the taker's own turn.
    expect(template.started).toBe(2);
    await pass(0);
    expect(template.started).toBe(4);
    for (const lease of leases) void lease[Symbol.asyncDispose]();
    await template.finish();
    await template.finish();
  });

  test('shows the guests that wait, the next one first, and no other', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 2 });
    pool.start();
    const [used, ready] = [await template.finish(), await template.finish()];
    const names = () => pool.ready.map(({ guest }) => guest.name);
    expect(names()).toEqual([used.name, ready.name]);
    await using _lease = await claim(pool);
    expect(names()).toEqual([ready.name]);
  });

  test('gives nothing to one who is gone already', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    await template.finish();
    const reason = new Error('gone');
    expect(await failure(claim(pool, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(pool.counts).toMatchObject({ ready: 1, leased: 0 });
  });

  test('ends a guest once, even if its lease is given back twice, and never hands it out again', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    const lease = await claim(pool);
    expect(guest.ends).toBe(0);
    void lease[Symbol.asyncDispose]();
    void lease[Symbol.asyncDispose]();
    await settle();
    expect(guest.ends).toBe(1);
    expect(pool.counts).toMatchObject({ leased: 0, retiring: 0, ready: 0 });
    expect(await failure(claim(pool))).toBeInstanceOf(RunnerNotAvailableError);
    await pass(0);
    await template.finish();
    await using next = await claim(pool);
    expect(next.guest.name).not.toBe(guest.name);
  });

  test('says after how many whole seconds to try again, at least one', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, refillWorkers: 1 });
    const retryAfter = async () => {
      const error = await failure(claim(pool));
      return error instanceof RunnerNotAvailableError ? error.retryAfterSeconds : Number.NaN;
    };
    expect(await retryAfter()).toBeGreaterThanOrEqual(1);
    pool.start();
    // Restores that take no time at all bring the mean down to nothing.
    for (let round = 0; round < 50; round += 1) {
      await template.finish();
      await useUp(pool);
      await pass(0);
      expect(await retryAfter()).toBe(1);
    }
    for (let round = 0; round < 8; round += 1) {
      await template.fail();
      expect(Number.isInteger(await retryAfter())).toBe(true);
      expect(await retryAfter()).toBeGreaterThanOrEqual(1);
      await pass(LONG);
    }
    await template.finish();
  });
});
