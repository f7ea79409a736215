import { describe, expect, test } from 'bun:test';
import { RunnerNotAvailableError } from '../../../src/runner/errors.ts';
import { failure } from '../../support/failure.ts';
import { claim, FakeTemplate, useUp } from '../../support/fake-template.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

/** How long the pool waits after a failure before it restores again. The clock is the test's own. */
async function pause(template: FakeTemplate): Promise<number> {
  const { started } = template;
  for (let ms = 0; ms <= LONG; ms += 10) {
    if (template.started > started) return ms;
    await pass(10);
  }
  throw new Error('the pool never restores again');
}

describe('a restore that fails', () => {
  test('is reported with its cause and tried again after a pause', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    const reason = new Error('no state');
    await template.fail(reason);
    expect(template.failures).toHaveLength(1);
    expect(template.failures[0]?.cause).toBe(reason);
    expect(pool.counts).toMatchObject({ failed: 1, restoring: 0 });
    expect(template.started).toBe(1);
    expect(await pause(template)).toBeGreaterThan(0);
    await template.finish();
    expect(pool.counts).toMatchObject({ ready: 1, failed: 1 });
  });

  test('makes the next pause longer, up to a bound; one that succeeds makes it short again', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await template.fail();
      pauses.push(await pause(template));
    }
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(new Set(pauses).size).toBeGreaterThan(4);
    expect(pauses.at(-1)).toBe(pauses.at(-2));
    await template.finish();
    await useUp(pool);
    await pass(0);
    await template.fail();
    expect(await pause(template)).toBe(pauses[0] ?? Number.NaN);
    await template.finish();
  });

  test('pauses all workers, and a take does not end the pause', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 2, refillWorkers: 2 });
    pool.start();
    await template.finish();
    await template.fail();
    await useUp(pool);
    await pass(0);
    expect(template.started).toBe(2);
    await pause(template);
    expect(template.waiting).toBe(2);
    await template.finish();
    await template.finish();
  });
});

describe('a host that is short of memory', () => {
  test('gets no new guest until it has memory, and one report', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ memoryReserveBytes: 100 });
    template.memory = 99;
    pool.start();
    for (let second = 0; second < 30; second += 1) await pass(1_000);
    expect(template.started).toBe(0);
    expect(template.messages).toEqual([expect.stringContaining('memory')]);
    expect(pool.counts.failed).toBe(0);
    template.memory = 100;
    await pass(LONG);
    await template.finish();
    await template.finish();
    expect(pool.counts.ready).toBe(2);
  });

  test('is reported once more when memory was there in between', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    template.memory = 0;
    pool.start();
    template.memory = 1_000;
    await pass(LONG);
    await template.finish();
    template.memory = 0;
    for (let take = 0; take < 3; take += 1) {
      if (pool.counts.ready > 0) await useUp(pool);
      await pass(LONG);
    }
    expect(template.messages).toHaveLength(2);
  });

  test('keeps the guests it has, and takes are no new reports', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 3, refillWorkers: 3 });
    pool.start();
    for (let guest = 0; guest < 3; guest += 1) await template.finish();
    template.memory = 0;
    for (let take = 0; take < 3; take += 1) {
      await useUp(pool);
      await pass(0);
    }
    expect(template.started).toBe(3);
    expect(template.messages).toHaveLength(1);
  });
});

test('a server that is short of descriptors restores no guest until it has some, and says so once', async () => {
  const template = new FakeTemplate();
  await using pool = template.pool({ target: 1 });
  template.descriptors = 63;
  pool.start();
  for (let second = 0; second < 30; second += 1) await pass(1_000);
  expect(template.started).toBe(0);
  expect(template.messages).toEqual([expect.stringContaining('descriptors')]);
  template.descriptors = 64;
  await pass(LONG);
  await template.finish();
  expect(pool.counts).toMatchObject({ ready: 1, failed: 0 });
});

describe('a ready guest that dies', () => {
  test('is not handed out; it is reported, ended and replaced', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    const reason = new Error('killed');
    guest.lose(reason);
    await settle();
    expect(pool.counts).toMatchObject({ ready: 0 });
    expect(await failure(claim(pool))).toBeInstanceOf(RunnerNotAvailableError);
    expect(template.failures.map(({ cause }) => cause)).toEqual([reason]);
    expect(guest.ends).toBe(1);
    await pass(0);
    const next = await template.finish();
    await using taken = await claim(pool);
    expect(taken.guest.name).toBe(next.name);
  });

  test('after it was handed out is the business of its user', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    const lease = await claim(pool);
    guest.lose();
    await settle();
    expect(template.failures).toEqual([]);
    expect(guest.ends).toBe(0);
    void lease[Symbol.asyncDispose]();
    expect(guest.ends).toBe(1);
  });

  test('and cannot be ended cleanly is reported and counts no more', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, maxGuests: 1 });
    pool.start();
    const guest = await template.finish();
    guest.ending = Promise.reject(new Error('its folder is busy'));
    await useUp(pool);
    await settle();
    expect(template.messages).toEqual([expect.stringContaining(guest.name)]);
    await pass(0);
    expect(pool.counts).toMatchObject({ retiring: 0, restoring: 1 });
    await template.finish();
  });
});

describe('the latest errors', () => {
  test('are kept as one line each, with the cause, the oldest first; only so many', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1, refillWorkers: 1 });
    pool.start();
    for (let round = 0; round < 25; round += 1) {
      await template.fail(new Error(`no state\n  in round ${round}`));
      await pass(LONG);
    }
    expect(pool.lastErrors).toHaveLength(20);
    expect(pool.lastErrors[0]).toEqual({
      at: expect.any(Number),
      message: 'a guest could not be restored: no state in round 5',
    });
    expect(pool.lastErrors.at(-1)?.message).toEndWith('in round 24');
    const times = pool.lastErrors.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await template.finish();
  });

  test('are not of any length', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 1 });
    pool.start();
    await template.fail(new Error('x'.repeat(100_000)));
    expect(pool.lastErrors[0]?.message.length).toBeLessThanOrEqual(500);
  });
});

test('the metrics hear of each restore, each that failed, and each guest that died', async () => {
  const template = new FakeTemplate();
  const heard: unknown[] = [];
  await using pool = template.pool({
    target: 2,
    refillWorkers: 2,
    observer: {
      restored: (ms) => heard.push(['restored', Math.round(ms / 100)]),
      restoreFailed: () => heard.push('failed'),
      lost: () => heard.push('lost'),
      stuck: (state) => heard.push(['stuck', state]),
      waited() {},
    },
  });
  pool.start();
  await pass(700);
  await template.finish();
  await template.fail();
  expect(heard).toEqual([['restored', 7], 'failed']);
  template.memory = 0;
  await pass(LONG);
  const lease = await claim(pool);
  template.guests[0]?.lose();
  await settle();
  expect(heard.slice(2)).toEqual(['lost']);
  await lease[Symbol.asyncDispose]();
  template.memory = 1_000;
  await pass(LONG);
  const ready = await template.finish();
  ready.lose();
  const used = await template.finish();
  await useUp(pool);
  // A guest that is ended loses its process as well, which is no loss.
  used.lose();
  await settle();
  expect(heard.filter((what) => what === 'lost')).toHaveLength(2);
  template.memory = 0;
});
