/** Ready guests that others take the place of, for their template's sake. */
import { expect, test } from 'bun:test';
import type { PoolOptions } from '../../../src/runner/pool-options.ts';
import type { Standing } from '../../../src/runner/standing.ts';
import { claim, FakeTemplate } from '../../support/fake-template.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

/** A pool that is full of guests of template `old`. */
async function filled(options: Partial<PoolOptions> & { target: number }) {
  const standings: Record<string, Standing> = {};
  const template = new FakeTemplate();
  template.id = 'old';
  const pool = template.pool({
    maxGuests: options.target + 4,
    standing: (id) => standings[id] ?? 'wanted',
    ...options,
  });
  pool.start();
  for (let guest = 0; guest < options.target; guest += 1) {
    await template.finish();
    await pass(0);
  }
  template.id = 'new';
  const ready = () => pool.ready.map((entry) => entry.template);
  return { template, pool, standings, ready };
}

test('outdated guests are replaced one after the other, and as many are ready all the while', async () => {
  const { template, pool, standings, ready } = await filled({ target: 3 });
  await using _ = pool;
  standings['old'] = 'outdated';
  pool.review();
  let isDone = false;
  void pool.whenTurnedOver(new AbortController().signal).then(() => {
    isDone = true;
  });
  for (const expected of [
    ['old', 'old', 'new'],
    ['old', 'new', 'new'],
    ['new', 'new', 'new'],
  ]) {
    expect(isDone).toBe(false);
    await pass(0);
    expect(pool.counts).toMatchObject({ ready: 3, restoring: 1 });
    await template.finish();
    expect(ready()).toEqual(expected);
  }
  await pass(LONG);
  expect(isDone).toBe(true);
  expect(pool.counts).toMatchObject({ ready: 3, restoring: 0, leased: 0, retiring: 0 });
  expect(template.guests.map(({ ends }) => ends)).toEqual([1, 1, 1, 0, 0, 0]);
});

test('a guest that is taken meanwhile is not replaced a second time, nor taken back', async () => {
  const { template, pool, standings, ready } = await filled({ target: 2 });
  await using _ = pool;
  standings['old'] = 'outdated';
  pool.review();
  const lease = await claim(pool);
  expect(lease.template).toBe('old');
  await pass(0);
  while (template.waiting > 0) {
    await template.finish();
    await pass(0);
  }
  expect(ready()).toEqual(['new', 'new']);
  expect(template.started).toBe(4);
  expect(template.guests[0]?.ends).toBe(0);
  await lease[Symbol.asyncDispose]();
});

test('a guest of an outdated template that was being restored is replaced as well', async () => {
  const { template, pool, standings, ready } = await filled({ target: 1 });
  await using _ = pool;
  await using _lease = await claim(pool);
  await pass(0);
  standings['old'] = 'outdated';
  pool.review();
  template.id = 'old';
  await template.finish();
  expect(ready()).toEqual(['old']);
  template.id = 'new';
  await pass(0);
  await template.finish();
  expect(ready()).toEqual(['new']);
});

test('where there is no room for one more, the old one goes first', async () => {
  const { template, pool, standings, ready } = await filled({ target: 2, maxGuests: 2 });
  await using _ = pool;
  standings['old'] = 'outdated';
  pool.review();
  await pass(0);
  expect(pool.counts).toMatchObject({ ready: 1, restoring: 1 });
  await template.finish();
  await pass(0);
  expect(pool.counts).toMatchObject({ ready: 1, restoring: 1 });
  await template.finish();
  await pass(LONG);
  expect(ready()).toEqual(['new', 'new']);
  expect(template.started).toBe(4);
});

test('a guest of a failed template is ended at once, and none is handed out that was being restored', async () => {
  const { template, pool, standings, ready } = await filled({ target: 2 });
  await using _ = pool;
  await using lease = await claim(pool);
  await pass(0);
  standings['old'] = 'failed';
  pool.review();
  expect(ready()).toEqual([]);
  template.id = 'old';
  await template.finish();
  expect(ready()).toEqual([]);
  template.id = 'new';
  await pass(0);
  while (template.waiting > 0) await template.finish();
  await pass(LONG);
  expect(ready()).toEqual(['new', 'new']);
  // Its user's until it is given back.
  expect(template.guests.find(({ name }) => name === lease.guest.name)?.ends).toBe(0);
});

test('some can be replaced whatever their template, the oldest first', async () => {
  const { template, pool, ready } = await filled({ target: 3 });
  await using _ = pool;
  pool.review(1);
  await pass(0);
  await template.finish();
  await pass(LONG);
  expect(ready()).toEqual(['old', 'old', 'new']);
  expect(template.guests.map(({ ends }) => ends)).toEqual([1, 0, 0, 0]);
  expect(template.waiting).toBe(0);
});

test('who waits for the end of it learns that the pool closes first', async () => {
  const { pool, standings, template } = await filled({ target: 1 });
  standings['old'] = 'outdated';
  pool.review();
  await pass(0);
  const waiting = pool.whenTurnedOver(new AbortController().signal).catch(String);
  const closed = pool[Symbol.asyncDispose]();
  await template.fail();
  await closed;
  await settle();
  expect(await waiting).toContain('the pool is closing');
});
