import { describe, expect, test } from 'bun:test';
import { DeadlineError } from '../../../src/lib/deadline.ts';
import type { PoolObserver } from '../../../src/runner/pool-options.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { claim, FakeTemplate, useUp } from '../../support/fake-template.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

/** Longer than a guest may be in any state on its way, ms. */
const TOO_LONG = 130_000;

/** An observer, and the states of which it was told that a guest was stuck there. */
function listener(): { stuck: string[]; observer: PoolObserver } {
  const stuck: string[] = [];
  const observer = {
    restored() {},
    restoreFailed() {},
    lost() {},
    waited() {},
    stuck: (state: string) => stuck.push(state),
  };
  return { stuck, observer };
}

const forEver = () => new Promise<void>(() => {});

describe('ready guests', () => {
  test('are asked one after the other, each as often as the others', async () => {
    const template = new FakeTemplate();
    await using pool = template.pool({ target: 4, refillWorkers: 4 });
    pool.start();
    const guests: FakeGuest[] = [];
    for (let guest = 0; guest < 4; guest += 1) guests.push(await template.finish());
    const most = () => Math.max(...guests.map(({ checks }) => checks));
    const sum = () => guests.reduce((total, { checks }) => total + checks, 0);
    await pass(20_000);
    for (let before = sum(); before < 12; before = sum()) {
      await pass(5_000);
      expect(sum()).toBe(before + 1);
    }
    expect(guests.map(({ checks }) => checks)).toEqual([3, 3, 3, 3]);
    expect(most()).toBe(3);
  });

  test('that do not answer are reported, ended and replaced', async () => {
    const template = new FakeTemplate();
    const { stuck, observer } = listener();
    await using pool = template.pool({ target: 1, observer });
    pool.start();
    const guest = await template.finish();
    const cause = new DeadlineError('waited for QEMU');
    guest.onCheck = () => Promise.reject(cause);
    await pass(20_000);
    expect(stuck).toEqual(['ready']);
    expect(guest.ends).toBe(1);
    expect(template.messages).toEqual([expect.stringContaining(guest.name)]);
    const next = await template.finish();
    await using lease = await claim(pool);
    expect(lease.guest.name).toBe(next.name);
  });

  test('that were taken while they were asked are their users’', async () => {
    const template = new FakeTemplate();
    const { stuck, observer } = listener();
    await using pool = template.pool({ target: 1, observer });
    pool.start();
    const guest = await template.finish();
    const answer = Promise.withResolvers<void>();
    guest.onCheck = () => answer.promise;
    await pass(20_000);
    await using lease = await claim(pool);
    answer.reject(new Error('the guest should be paused, and is running'));
    await settle();
    expect({ stuck, ends: guest.ends, name: lease.guest.name }).toEqual({
      stuck: [],
      ends: 0,
      name: guest.name,
    });
    expect(template.failures).toEqual([]);
  });
});

describe('a guest on its way', () => {
  test('to be ready gives its place up after a while, and is ended when it comes yet', async () => {
    const template = new FakeTemplate();
    const { stuck, observer } = listener();
    await using pool = template.pool({ target: 1, maxGuests: 1, refillWorkers: 1, observer });
    pool.start();
    await pass(TOO_LONG);
    expect(stuck).toEqual(['restoring']);
    expect(template.toldToStop).toBe(true);
    expect(template.messages).toEqual([expect.stringContaining('restored')]);
    await pass(1_000);
    expect(template.started).toBe(2);
    const late = await template.finish();
    expect(late.ends).toBe(1);
    expect(pool.counts.ready).toBe(0);
    await template.finish();
    expect(pool.counts).toMatchObject({ ready: 1, failed: 1 });
  });

  test('to its end gives its place up after a while', async () => {
    const template = new FakeTemplate();
    const { stuck, observer } = listener();
    await using pool = template.pool({ target: 1, maxGuests: 1, observer });
    pool.start();
    const guest = await template.finish();
    guest.ending = forEver();
    const lease = await claim(pool);
    let isBack = false;
    void lease[Symbol.asyncDispose]().then(() => {
      isBack = true;
    });
    await pass(1_000);
    expect({ isBack, counts: pool.counts }).toMatchObject({
      isBack: false,
      counts: { retiring: 1, restoring: 0 },
    });
    await pass(TOO_LONG);
    expect({ isBack, stuck }).toEqual({ isBack: true, stuck: ['retiring'] });
    expect(template.messages).toEqual([expect.stringContaining(guest.name)]);
    expect(pool.counts).toMatchObject({ retiring: 0, restoring: 1 });
    await template.finish();
  });

  test('to its end does not hold up that of the pool for ever', async () => {
    const template = new FakeTemplate();
    const pool = template.pool({ target: 1 });
    pool.start();
    const guest = await template.finish();
    guest.ending = forEver();
    let hasEnded = false;
    const ended = pool[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    await pass(1_000);
    expect(hasEnded).toBe(false);
    await pass(TOO_LONG);
    await ended;
  });

  test('is waited for when it is not late', async () => {
    const template = new FakeTemplate();
    const { stuck, observer } = listener();
    await using pool = template.pool({ target: 1, observer });
    pool.start();
    await pass(20_000);
    await template.finish();
    await useUp(pool);
    await pass(0);
    await template.fail();
    await pass(1_000);
    await template.finish();
    expect(stuck).toEqual([]);
  });

  test.each([
    ['connecting', forEver],
    ['waking', () => Promise.reject(new Error('it failed', { cause: new DeadlineError('no answer') }))],
  ] as const)('is reported when it is late with %s', async (state, work) => {
    const { stuck, observer } = listener();
    await using pool = new FakeTemplate().pool({ observer });
    const result = failure(pool.watchdog.within(state, 'runner-1', work()));
    await pass(TOO_LONG);
    expect(await result).toBeInstanceOf(Error);
    expect(stuck).toEqual([state]);
  });
});
