import { expect, test } from 'bun:test';
import { TemplateSupply } from '../../../src/rollout/supply.ts';
import { failure } from '../../support/failure.ts';
import { FakeSourceTemplate, makerOfFake } from '../../support/fake-source.ts';

const { signal } = new AbortController();

function create() {
  const old = new FakeSourceTemplate('old');
  const failures: Error[] = [];
  const supply = new TemplateSupply({
    current: old,
    makerOf: makerOfFake,
    trialMakerOf: makerOfFake,
    onFailure: (error) => failures.push(error),
  });
  const restore = async (name: string) => (await supply.restore(name, signal)).template;
  /** The templates of so many guests, restored one after the other. */
  const next = async (count: number) => {
    const found: string[] = [];
    for (let guest = 0; guest < count; guest += 1) found.push(await restore(`guest-${guest}`));
    return found.join(' ');
  };
  return { old, supply, failures, next, restore };
}

test('a new template gives the first guests, and then its share of them', async () => {
  const { supply, next } = create();
  expect(await next(2)).toBe('old old');
  supply.beginCanary(new FakeSourceTemplate('new'), 25, 2);
  expect(await next(10)).toBe('new new old old new old old old new old');
  expect(supply.roles).toEqual([
    { template: 'old', role: 'current' },
    { template: 'new', role: 'canary' },
  ]);
});

test('a new template that fails to give a guest is counted, and the current one gives it', async () => {
  const { supply, failures, next } = create();
  const bad = new FakeSourceTemplate('bad');
  bad.onRestore = () => Promise.reject(new Error('no state'));
  const source = supply.beginCanary(bad, 50, 1);
  expect(await next(4)).toBe('old old old old');
  expect(source.tally.figures).toMatchObject({ restores: 2, restoresFailed: 2 });
  expect(supply.current.tally.figures).toMatchObject({ restores: 4, restoresFailed: 0 });
  expect(failures).toHaveLength(2);
});

test('a new template that hangs holds up one restore, and no more', async () => {
  const { supply, next, restore } = create();
  const slow = new FakeSourceTemplate('slow');
  const { promise, resolve } = Promise.withResolvers<void>();
  slow.onRestore = () => promise;
  supply.beginCanary(slow, 100, 1);
  const held = restore('held');
  expect(await next(5)).toBe('old old old old old');
  resolve();
  expect(await held).toBe('slow');
});

test('a restore that is not wanted any more is nobody’s failure', async () => {
  const { supply } = create();
  const slow = new FakeSourceTemplate('slow');
  const left = new AbortController();
  slow.onRestore = async () => {
    left.abort(new Error('the pool is closing'));
    throw new Error('killed');
  };
  const source = supply.beginCanary(slow, 100, 1);
  expect(String(await failure(supply.restore('x', left.signal)))).toContain('the pool is closing');
  expect(source.tally.figures.restores).toBe(0);
});

test('runs and losses are counted where they belong, from the beginning of a trial', async () => {
  const { supply } = create();
  supply.ran('old', true);
  const source = supply.beginCanary(new FakeSourceTemplate('new'), 50, 1);
  supply.ran('old', false);
  supply.ran('new', true);
  supply.lost('new');
  supply.ran('of an adopted runner', true);
  expect(source.tally.figures).toMatchObject({ runs: 1, runsFailed: 1, guestsLost: 1 });
  expect(supply.current.tally.figures).toMatchObject({ runs: 1, runsFailed: 0, guestsLost: 0 });
});

test('a promoted template is the current one; the one before is outdated, and closed', async () => {
  const { old, supply, next } = create();
  const fresh = new FakeSourceTemplate('new');
  supply.beginCanary(fresh, 25, 1);
  expect([supply.standing('old'), supply.standing('new')]).toEqual(['wanted', 'wanted']);
  await supply.promoteCanary();
  expect([supply.standing('old'), supply.standing('new')]).toEqual(['outdated', 'wanted']);
  expect(await next(3)).toBe('new new new');
  expect([old.closed, fresh.closed]).toEqual([1, 0]);
});

test('a template is closed only after the restores from it', async () => {
  const { old, supply, restore, next } = create();
  const { promise, resolve } = Promise.withResolvers<void>();
  old.onRestore = () => promise;
  const held = restore('held');
  await supply.replaceCurrent(new FakeSourceTemplate('new'));
  expect(await next(1)).toBe('new');
  expect(old.closed).toBe(0);
  resolve();
  expect(await held).toBe('old');
  expect(old.closed).toBe(1);
});

test.each([
  [true, 'failed'],
  [false, 'outdated'],
] as const)(
  'a new template that is given up (failed: %p) is closed, and its guests are %s',
  async (isFailed, is) => {
    const { old, supply, next } = create();
    const bad = new FakeSourceTemplate('bad');
    supply.beginCanary(bad, 100, 1);
    expect(await next(1)).toBe('bad');
    await supply.endCanary(isFailed);
    expect([supply.standing('bad'), supply.standing('old')]).toEqual([is, 'wanted']);
    expect(await next(2)).toBe('old old');
    expect([old.closed, bad.closed]).toEqual([0, 1]);
    // It may be tried again.
    supply.beginCanary(new FakeSourceTemplate('bad'), 100, 1);
    expect(supply.standing('bad')).toBe('wanted');
    await supply[Symbol.asyncDispose]();
    expect(old.closed).toBe(1);
  },
);
