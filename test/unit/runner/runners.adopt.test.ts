/** Runners that an earlier server made, and runs on them that it began. */
import { describe, expect, test } from 'bun:test';
import { bootMs } from '../../../src/lib/boot-clock.ts';
import { History } from '../../../src/runner/history.ts';
import type { JournaledRun, JournaledRunner } from '../../../src/runner/journal.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeGuest } from '../../support/fake-guest.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const OUTCOME = { exitCode: 3, signal: null, timedOut: false, truncated: false, outOfMemory: false };

const run = (number: number, agoMs: number, isOver = false): JournaledRun => ({
  number,
  seconds: 10,
  outputBytes: 100,
  startedAt: 1_000,
  startedBootMs: bootMs() - agoMs,
  end: isOver ? { endedAt: 2_000, endedBootMs: bootMs(), outcome: OUTCOME } : null,
});

/** Takes over a guest of anna's, made so long ago. */
function adopt(fake: FakeRunners, guest: FakeGuest, ageMs: number, runs: readonly JournaledRun[] = []): void {
  const { template, proof, stats } = guest.ready;
  const history = [{ state: 'RUNNING', at: 1_000 }] as const;
  const journaled: JournaledRunner = {
    runner: {
      name: guest.name,
      owner: 'anna',
      template,
      guestNumber: 1,
      network: 'none',
      lifetime: LIFETIME,
      createdAt: 1_000,
      createdBootMs: bootMs() - ageMs,
      history,
      proof,
      readyStats: stats,
    },
    cpuMs: 30,
    runs,
  };
  fake.runners.adopt({ guest, template, history: History.of(history), proof, stats }, journaled);
}

describe('a runner that is taken over', () => {
  test('is its owner’s, with the time that it has left', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    adopt(fake, guest, 60_000);
    const view = fake.runners.find('runner-old', 'anna');
    expect(view).toMatchObject({ kind: 'persistent', state: 'RUNNING', createdAt: 1_000, runsDone: 0 });
    // The boot clock counts in steps of 10 ms, and goes on in a test.
    expect(view.ageLeftMs).toBeWithin(938_000, 940_001);
    expect(view.idleLeftMs).toBeWithin(38_000, 40_001);
    expect(() => fake.runners.find('runner-old', 'berta')).toThrow('there is no such runner');
    await pass(41_000);
    expect(guest.ends).toBe(1);
    expect(fake.journal.lines).toContain('gone runner-old');
  });

  test('takes a seat of its owner’s, also when that may have none', async () => {
    await using fake = await FakeRunners.start(1);
    adopt(fake, new FakeGuest('runner-old'), 0);
    const owner = { id: 'anna', maxRunners: 1 };
    expect(await failure(fake.runners.runOnce(PROGRAM, terms({ owner })))).toMatchObject({
      name: 'tooManyRequests',
    });
    await fake.runners.delete('runner-old', 'anna');
    await fake.runners.create(undefined, LIFETIME, terms({ owner }));
  });

  test('whose time was over while no server ran ends at once', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    adopt(fake, guest, 2_000_000);
    await pass(1);
    expect(guest.ends).toBe(1);
  });

  test('goes on with a run under way, and then with further ones', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    const exit = Promise.withResolvers<ReturnType<typeof exitReport>>();
    guest.onTakeUp = async (_, onOutput) => {
      onOutput('stdout', new TextEncoder().encode('from the first byte on'));
      return exit.promise;
    };
    adopt(fake, guest, 5_000, [run(4, 5_000)]);
    await settle();
    expect(guest.takenUp).toEqual([{ id: 4, outputLimitBytes: 100 }]);
    const running = fake.runners.findRun('runner-old', 'run-4', 'anna');
    expect(running).toMatchObject({ state: 'running', outputBytes: 22, endedAt: null, outcome: null });
    expect(fake.runners.find('runner-old', 'anna').idleLeftMs).toBeNull();
    exit.resolve({ ...exitReport(4), code: 3 });
    await settle();
    const ended = fake.runners.findRun('runner-old', 'run-4', 'anna');
    expect(ended).toMatchObject({ state: 'ended', outcome: OUTCOME });
    expect(new TextDecoder().decode(ended.output(9, 100))).toBe('first byte on');
    expect(fake.journal.lines).toContain(`ended runner-old 4 ${JSON.stringify(OUTCOME)}`);
    const held = holdRuns(guest);
    const next = fake.runners.run('runner-old', PROGRAM, terms());
    await settle();
    expect(guest.requests.map(({ id }) => id)).toEqual([5]);
    held[0]?.report();
    await next;
  });

  test('repeats the output of a run that was over, whose outcome was written down', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    guest.onTakeUp = async ({ id }, onOutput) => {
      onOutput('stdout', new TextEncoder().encode('again'));
      return { ...exitReport(id), code: 0 };
    };
    adopt(fake, guest, 5_000, [run(2, 5_000, true)]);
    await settle();
    expect(fake.runners.findRun('runner-old', 'run-2', 'anna')).toMatchObject({
      state: 'ended',
      outputBytes: 5,
      endedAt: 2_000,
      outcome: OUTCOME,
    });
    expect(fake.runners.find('runner-old', 'anna')).toMatchObject({ runsUnderWay: 0, runsDone: 1 });
  });

  test('says that output is missing of a run that was over, until its guest has repeated it', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    const repeated = Promise.withResolvers<ReturnType<typeof exitReport>>();
    guest.onTakeUp = async ({ id }) => {
      if (id === 1) throw new Error('not known');
      return repeated.promise;
    };
    adopt(fake, guest, 5_000, [run(1, 5_000, true), run(2, 5_000, true)]);
    await settle();
    const truncated = () =>
      fake.runners.runsOf('runner-old', 'anna').map(({ outcome }) => outcome?.truncated);
    expect(truncated()).toEqual([true, true]);
    repeated.resolve(exitReport(2));
    await settle();
    expect(truncated()).toEqual([true, false]);
  });

  test('says that it does not know how a run ended which its guest does not know', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    guest.onTakeUp = async () => {
      throw new Error('not known');
    };
    adopt(fake, guest, 5_000, [run(1, 5_000)]);
    await settle();
    expect(fake.runners.runsOf('runner-old', 'anna')).toMatchObject([
      { id: 'run-1', state: 'lost', outcome: null },
    ]);
    expect(guest.ends).toBe(0);
  });

  test('ends when a run under way is not reported in its time', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = new FakeGuest('runner-old');
    adopt(fake, guest, 9_000, [run(1, 9_000)]);
    await pass(3_500);
    expect(guest.ends).toBe(1);
  });

  test('is charged for what was not counted', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.cpuMs = 100;
    adopt(fake, guest, 0);
    await fake.runners.delete(guest.name, 'anna');
    expect(fake.charged).toEqual([['anna', 70]]);
    expect(fake.journal.lines).toContain(`charged ${guest.name} 100`);
  });
});

describe('the runs of a runner', () => {
  test('are kept, the latest of them, and written down', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id);
    const name = await fake.create(LIFETIME);
    for (let index = 0; index < 12; index += 1) await fake.runners.run(name, PROGRAM, terms());
    const ids = fake.runners.runsOf(name, 'anna').map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 8 }, (_, index) => `run-${index + 5}`));
    expect(() => fake.runners.findRun(name, 'run-4', 'anna')).toThrow('there is no such run');
    expect(fake.journal.lines).toContain(`dropped ${name} 4`);
    expect(fake.journal.lines.indexOf(`began ${name} 1`)).toBeLessThan(
      fake.journal.lines.findIndex((line) => line.startsWith(`ended ${name} 1 `)),
    );
  });

  test('are kept by when they ended: a long one is not forgotten for those that began after it', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    const long = Promise.withResolvers<void>();
    guest.onRun = async ({ id }) => {
      if (id === 1) await long.promise;
      return exitReport(id);
    };
    const name = await fake.create(LIFETIME);
    const first = fake.runners.run(name, PROGRAM, terms());
    for (let index = 0; index < 12; index += 1) await fake.runners.run(name, PROGRAM, terms());
    long.resolve();
    await first;
    const ids = fake.runners.runsOf(name, 'anna').map(({ id }) => id);
    expect(ids).toEqual(['run-1', ...Array.from({ length: 7 }, (_, index) => `run-${index + 7}`)]);
  });

  test('are kept with the one that began last, from whose number a later server counts on', async () => {
    await using fake = await FakeRunners.start(1, { runsPerRunner: 12 });
    const name = await fake.create(LIFETIME);
    const held = holdRuns(fake.guest());
    const runs = Array.from({ length: 12 }, () => fake.runners.run(name, PROGRAM, terms()));
    await settle();
    for (const run of held.toReversed()) {
      run.report();
      await settle();
    }
    await Promise.all(runs);
    const ids = fake.runners.runsOf(name, 'anna').map(({ id }) => id);
    expect(ids).toEqual([...Array.from({ length: 7 }, (_, index) => `run-${index + 1}`), 'run-12']);
  });

  test('of a throw-away runner are not', async () => {
    await using fake = await FakeRunners.start(1);
    fake.guest().onRun = async ({ id }) => exitReport(id);
    await fake.runners.runOnce(PROGRAM, terms());
    expect(fake.journal.lines).toEqual([]);
  });
});

describe('a server that leaves', () => {
  test('lets those go that stay, once nothing runs on them, and ends the others', async () => {
    await using fake = await FakeRunners.start(3);
    const idle = await fake.create(LIFETIME);
    const busy = await fake.create(LIFETIME);
    const guests = new Map(fake.template.guests.map((guest) => [guest.name, guest]));
    const held = holdRuns(Object(guests.get(busy)));
    const answer = fake.runners.run(busy, PROGRAM, terms());
    await settle();
    const left = fake.runners.leave();
    await settle();
    expect(guests.get(idle)).toMatchObject({ releases: 1, ends: 0 });
    expect(guests.get(busy)).toMatchObject({ releases: 0, ends: 0 });
    held[0]?.report();
    await answer;
    expect(await left).toBe(2);
    expect(guests.get(busy)).toMatchObject({ releases: 1, ends: 0 });
    expect(fake.journal.lines.filter((line) => line.startsWith('gone'))).toEqual([]);
    const others = [...guests.values()].filter(({ name }) => name !== idle && name !== busy);
    expect(others.every(({ ends }) => ends === 1)).toBe(true);
  });
});
