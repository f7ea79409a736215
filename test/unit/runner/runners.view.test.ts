import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const states = (view: { history: readonly { state: string }[] } | undefined) =>
  view?.history.map(({ state }) => state);

describe('a runner is shown', () => {
  test('as ready, with its proof and what its agent said', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    await pass(1_000);
    const [view] = fake.runners.list();
    const { template, proof, stats } = guest.ready;
    expect(view).toEqual({
      name: guest.name,
      kind: 'ready',
      inUse: false,
      state: 'READY',
      owner: null,
      createdAt: view?.history[1]?.at ?? Number.NaN,
      history: [
        { state: 'RESTORING', at: expect.any(Number) },
        { state: 'READY', at: expect.any(Number) },
      ],
      template,
      proof,
      readyStats: stats,
      network: 'none',
      guest,
      runsUnderWay: 0,
      runsDone: 0,
      idleLeftMs: null,
      ageLeftMs: null,
    });
  });

  test('in use by a single run', async () => {
    await using fake = await FakeRunners.start(1);
    const [held] = [holdRuns(fake.guest())];
    const result = fake.runners.runOnce(PROGRAM, terms());
    await settle();
    const view = fake.runners.find(fake.guest().name, 'anna');
    expect(view).toMatchObject({
      kind: 'once',
      inUse: true,
      state: 'RUNNING',
      owner: 'anna',
      runsUnderWay: 1,
      idleLeftMs: null,
      ageLeftMs: null,
    });
    expect(states(view)).toEqual(['RESTORING', 'READY', 'RUNNING']);
    held[0]?.report();
    await result;
  });

  test('as persistent, with the time it has left', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create({ idleSeconds: 100, maxAgeSeconds: 1_000 });
    await pass(40_000);
    const { idleLeftMs, ageLeftMs, ...view } = fake.runners.find(name, 'anna');
    expect([idleLeftMs, ageLeftMs].map((ms) => Math.round((ms ?? Number.NaN) / 1000))).toEqual([60, 960]);
    expect(view).toMatchObject({ kind: 'persistent', inUse: true, state: 'RUNNING', owner: 'anna' });
    expect(Math.round((Date.now() - view.createdAt) / 1000)).toBe(40);
  });

  test('with one more state for each change, whatever number of runs it has', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id);
    const name = (await fake.runners.create(PROGRAM, LIFETIME, terms())).runner;
    await fake.runners.run(name, PROGRAM, terms());
    const before = fake.runners.find(name, 'anna');
    const gone = Promise.withResolvers<void>();
    guest.ending = gone.promise;
    const deleted = fake.runners.delete(name, 'anna');
    expect(states(fake.runners.find(name, 'anna'))).toEqual(['RESTORING', 'READY', 'RUNNING', 'RETIRING']);
    const times = fake.runners.find(name, 'anna').history.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // What was shown before has not changed.
    expect(states(before)).toEqual(['RESTORING', 'READY', 'RUNNING']);
    gone.resolve();
    await deleted;
  });
});

test('the list has all runners of all owners, those in use first', async () => {
  await using fake = await FakeRunners.start(4);
  for (const guest of fake.template.guests) holdRuns(guest);
  const persistent = await fake.create();
  const ended = new AbortController();
  const once = fake.runners
    .runOnce(PROGRAM, terms({ owner: { id: 'bert', maxRunners: null }, signal: ended.signal }))
    .catch(() => {});
  await settle();
  const shown = fake.runners.list().map(({ name, kind, owner }) => [name, kind, owner]);
  expect(shown).toEqual([
    [persistent, 'persistent', 'anna'],
    [fake.guest(1).name, 'once', 'bert'],
    [fake.guest(2).name, 'ready', null],
    [fake.guest(3).name, 'ready', null],
  ]);
  ended.abort();
  await once;
});
