import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const notFound = { name: 'runnerNotFound' };
/** The test's clock is a little off with each step, ms. */
const STEP = 100;

describe('idle time', () => {
  test('ends a runner that nobody used since it was made', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create({ idleSeconds: 10, maxAgeSeconds: 1_000 });
    await pass(10_000 - STEP);
    expect(fake.guest().ends).toBe(0);
    await pass(2 * STEP);
    expect(fake.guest().ends).toBe(1);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
  });

  test('stops while something runs, and begins anew at the end of the last run', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create({ idleSeconds: 10, maxAgeSeconds: 1_000 });
    const held = holdRuns(fake.guest());
    await pass(9_000);
    const idleLeft = () => fake.runners.find(name, 'anna').idleLeftMs;
    expect(Math.round((idleLeft() ?? Number.NaN) / 1000)).toBe(1);
    const runs = [1, 2].map(() => fake.runners.run(name, PROGRAM, terms({ seconds: 500 })));
    await pass(LONG);
    expect(idleLeft()).toBeNull();
    held[0]?.report();
    await pass(LONG);
    // One of two still runs.
    expect(idleLeft()).toBeNull();
    held[1]?.report();
    await Promise.all(runs);
    expect(Math.round((idleLeft() ?? Number.NaN) / 1000)).toBe(10);
    await pass(10_000 - STEP);
    expect(fake.guest().ends).toBe(0);
    await pass(2 * STEP);
    expect(fake.guest().ends).toBe(1);
  });
});

describe('the maximum age', () => {
  test('ends a runner however busy it is, and the runs on it', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create({ idleSeconds: 1_000, maxAgeSeconds: 30 });
    holdRuns(fake.guest());
    const error = failure(fake.runners.run(name, PROGRAM, terms({ seconds: 500 })));
    await pass(20_000);
    const { ageLeftMs } = fake.runners.find(name, 'anna');
    expect(Math.round((ageLeftMs ?? Number.NaN) / 1000)).toBe(10);
    await pass(10_000 - STEP);
    expect(fake.guest().ends).toBe(0);
    await pass(2 * STEP);
    expect(await error).toMatchObject({
      name: 'runnerExecutionFailed',
      message: 'the runner reached its maximum age',
      facts: { runner: name, duration: expect.any(Number) },
    });
    expect(fake.guest().ends).toBe(1);
    expect(fake.runners.list()).toEqual([]);
  });
});

describe('deleting a runner', () => {
  test('ends it at once, and is done when its guest is gone', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    const gone = Promise.withResolvers<void>();
    guest.ending = gone.promise;
    let isDone = false;
    const deleted = fake.runners.delete(name, 'anna').then(() => {
      isDone = true;
    });
    await settle();
    expect(guest.ends).toBe(1);
    expect(isDone).toBe(false);
    expect(fake.runners.find(name, 'anna').state).toBe('RETIRING');
    gone.resolve();
    await deleted;
    expect(fake.runners.list()).toEqual([]);
  });

  test('a second time says that there is none, also while it is ending', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const gone = Promise.withResolvers<void>();
    fake.guest().ending = gone.promise;
    const deleted = fake.runners.delete(name, 'anna');
    expect(await failure(fake.runners.delete(name, 'anna'))).toMatchObject(notFound);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject({ name: 'runnerBusy' });
    gone.resolve();
    await deleted;
    expect(await failure(fake.runners.delete(name, 'anna'))).toMatchObject(notFound);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
    expect(fake.guest().ends).toBe(1);
  });

  test('fails the runs on it', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    holdRuns(fake.guest());
    const errors = [1, 2].map(() => failure(fake.runners.run(name, PROGRAM, terms())));
    await settle();
    await fake.runners.delete(name, 'anna');
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({
        name: 'runnerExecutionFailed',
        message: expect.stringContaining('deleted'),
        facts: { runner: name, duration: expect.any(Number) },
      });
    }
  });
});

describe('the end of all runners', () => {
  test('lets what runs finish, and begins nothing more', async () => {
    await using fake = await FakeRunners.start(3);
    const idle = await fake.create();
    const busy = await fake.create();
    const [held, once] = [holdRuns(fake.guest(1)), holdRuns(fake.guest(2))];
    const onBusy = fake.runners.run(busy, PROGRAM, terms());
    const throwAway = fake.runners.runOnce(PROGRAM, terms());
    await settle();
    let hasEnded = false;
    const ended = fake.runners[Symbol.asyncDispose]().then(() => {
      hasEnded = true;
    });
    await settle();
    expect(fake.template.guests.map(({ ends }) => ends)).toEqual([1, 0, 0]);
    expect(await failure(fake.runners.run(idle, PROGRAM, terms()))).toMatchObject(notFound);
    expect(await failure(fake.runners.run(busy, PROGRAM, terms()))).toMatchObject({ name: 'runnerBusy' });
    expect(await failure(fake.runners.runOnce(PROGRAM, terms({ waitSeconds: 9 })))).toMatchObject({
      name: 'RunnerNotAvailable',
    });
    once[0]?.report();
    expect(await throwAway).toMatchObject({ exitCode: 0 });
    await settle();
    expect(hasEnded).toBe(false);
    held[0]?.report();
    expect(await onBusy).toMatchObject({ exitCode: 0 });
    await ended;
    expect(fake.template.guests.map(({ ends }) => ends)).toEqual([1, 1, 1]);
    expect(fake.runners.list()).toEqual([]);
    expect(fake.pool.counts).toMatchObject({ leased: 0, retiring: 0, ready: 0 });
  });

  test('lets a runner that is being made answer first', async () => {
    await using fake = await FakeRunners.start(1);
    const [held] = [holdRuns(fake.guest())];
    const made = fake.runners.create(PROGRAM, { idleSeconds: 100, maxAgeSeconds: 100 }, terms());
    await settle();
    const ended = fake.runners[Symbol.asyncDispose]();
    held[0]?.report();
    expect(await made).toMatchObject({ exitCode: 0 });
    await ended;
    expect(fake.guest().ends).toBe(1);
  });

  test('ends a runner that was asked for in the same moment', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id);
    const made = fake.runners.create(PROGRAM, LIFETIME, terms());
    await fake.runners[Symbol.asyncDispose]();
    expect(await made).toMatchObject({ runner: guest.name });
    expect(guest.ends).toBe(1);
  });

  test('refuses those who wait', async () => {
    await using fake = await FakeRunners.start(0);
    const waiting = failure(fake.runners.runOnce(PROGRAM, terms({ waitSeconds: 60 })));
    await settle();
    await fake.runners[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ name: 'RunnerNotAvailable' });
  });
});
