import { describe, expect, test } from 'bun:test';
import { RunnerNotAvailableError } from '../../../src/runner/errors.ts';
import { failure } from '../../support/failure.ts';
import { claim, FakeTemplate } from '../../support/fake-template.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

describe('the end of a pool', () => {
  test('ends ready guests and hands out no more', async () => {
    const template = new FakeTemplate();
    const pool = template.pool();
    pool.start();
    const guests = [await template.finish(), await template.finish()];
    const ended = pool[Symbol.asyncDispose]();
    expect(await failure(claim(pool))).toBeInstanceOf(RunnerNotAvailableError);
    await ended;
    expect(guests.map(({ ends }) => ends)).toEqual([1, 1]);
    expect(await failure(claim(pool))).toBeInstanceOf(RunnerNotAvailableError);
    await pass(LONG);
    expect(template.started).toBe(2);
  });

  test('waits for the leases, and for the last guest to be gone', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    const gone = Promise.withResolvers<void>();
    guest.ending = gone.promise;
    const lease = await claim(pool);
    let hasEnded = false;
    const ended = pool[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    await pass(LONG);
    expect(hasEnded).toBe(false);
    void lease[Symbol.asyncDispose]();
    await settle();
    expect(hasEnded).toBe(false);
    gone.resolve();
    await ended;
    expect(guest.ends).toBe(1);
  });

  test('tells restores under way to stop, waits for them, and ends the guests they still give', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 2, refillWorkers: 2 });
    pool.start();
    let hasEnded = false;
    const ended = pool[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    expect(template.toldToStop).toBe(true);
    const late = await template.finish();
    expect(hasEnded).toBe(false);
    await template.fail();
    await ended;
    expect(late.ends).toBe(1);
    expect(template.failures).toEqual([]);
    expect(pool.counts).toMatchObject({ ready: 0, restoring: 0, leased: 0, retiring: 0 });
  });

  test('refuses those who wait, and those who would', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 1, maxGuests: 1 });
    const waiting = [1, 2].map(() => failure(claim(pool, { waitSeconds: 100 })));
    const ended = pool[Symbol.asyncDispose]();
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(RunnerNotAvailableError);
    expect(await failure(claim(pool, { waitSeconds: 100 }))).toBeInstanceOf(RunnerNotAvailableError);
    await ended;
    expect(pool.counts.waiting).toBe(0);
  });

  test('ends a pause and a wait for ready guests', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 1 });
    pool.start();
    const waiting = failure(pool.whenReady(1, new AbortController().signal));
    await template.fail();
    await pool[Symbol.asyncDispose]();
    expect(await waiting).toBeInstanceOf(Error);
    await pass(LONG);
    expect(template.started).toBe(1);
  });

  test('comes once, whoever waits for it', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    await Promise.all([pool[Symbol.asyncDispose](), pool[Symbol.asyncDispose]()]);
    await pool[Symbol.asyncDispose]();
    expect(guest.ends).toBe(1);
  });
});
