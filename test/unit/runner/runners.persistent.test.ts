import { describe, expect, test } from 'bun:test';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { RunnerTimedOutError } from '../../../src/runner/errors.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const notFound = { name: 'runnerNotFound' };
const busy = { name: 'runnerBusy' };
const print = (text: string) => new TextEncoder().encode(text);

describe('creating a runner', () => {
  test('without a program resumes a guest and runs nothing', async () => {
    await using fake = await FakeRunners.start(1);
    const result = await fake.runners.create(undefined, LIFETIME, terms());
    const guest = fake.guest();
    expect(result).toEqual({
      res: '',
      stdout: '',
      stderr: '',
      truncated: false,
      exitCode: null,
      signal: null,
      outOfMemory: false,
      duration: result.receipt.totalMs,
      runner: guest.name,
      receipt: expect.objectContaining({ execMs: null, cpuMs: null, bytesIn: 10, bytesOut: 0 }),
    });
    expect([guest.resumed, guest.requests.length, guest.ends]).toEqual([1, 0, 0]);
  });

  test('runs its first program, and keeps the guest', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = async ({ id }, onOutput) => {
      onOutput('stdout', print('made'));
      return exitReport(id, { code: 1 });
    };
    const result = await fake.runners.create(PROGRAM, LIFETIME, terms());
    expect(result).toMatchObject({ stdout: 'made', exitCode: 1, runner: guest.name });
    expect(guest.requests[0]).toMatchObject({ keep: true, ...PROGRAM });
    expect(guest.resumed).toBe(1);
    await settle();
    expect(guest.ends).toBe(0);
  });

  test('whose first program takes too long leaves the runner, named in the error', async () => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id, { timedOut: true });
    const error = await failure(fake.runners.create(PROGRAM, LIFETIME, terms()));
    expect(error).toBeInstanceOf(RunnerTimedOutError);
    expect(error).toMatchObject({ facts: { runner: guest.name } });
    await settle();
    expect(fake.runners.find(guest.name, 'anna')).toMatchObject({ kind: 'persistent', runsDone: 1 });
    expect(guest.ends).toBe(0);
  });

  test.each([
    ['program cannot be started', new RunRefusedError('no such language')],
    ['guest is lost', new AgentLinkError('closed')],
  ])('whose %s leaves nothing', async (_, cause) => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    guest.onRun = () => Promise.reject(cause);
    const error = await failure(fake.runners.create(PROGRAM, LIFETIME, terms()));
    expect(error).toMatchObject({ name: 'runnerExecutionFailed', facts: { runner: guest.name } });
    await settle();
    expect(guest.ends).toBe(1);
    expect(fake.runners.list()).toEqual([]);
  });

  test('whose guest cannot be resumed leaves nothing', async () => {
    await using fake = await FakeRunners.start(1);
    fake.guest().onResume = () => Promise.reject(new Error('no monitor'));
    expect(await failure(fake.create())).toMatchObject({ name: 'runnerExecutionFailed' });
    await settle();
    expect(fake.guest().ends).toBe(1);
    expect(fake.runners.list()).toEqual([]);
  });

  test.each([
    ['runs its program', PROGRAM],
    ['resumes the guest', undefined],
  ])('is undone when the one who asked leaves while it %s', async (_, program) => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    const resumed = Promise.withResolvers<void>();
    guest.onResume = () => resumed.promise;
    const leave = new AbortController();
    const gone = failure(fake.runners.create(program, LIFETIME, terms({ signal: leave.signal })));
    await settle();
    const reason = new Error('gone');
    leave.abort(reason);
    resumed.resolve();
    expect(await gone).toBe(reason);
    await settle();
    expect(guest.ends).toBe(1);
    expect(fake.runners.list()).toEqual([]);
  });
});

describe('a persistent runner', () => {
  test('runs one program after the other, each with its own number; its CPU is resumed once', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id);
    for (let round = 0; round < 3; round += 1) {
      expect(await fake.runners.run(name, PROGRAM, terms())).toMatchObject({ runner: name, exitCode: 0 });
      await settle();
    }
    expect(guest.resumed).toBe(1);
    expect(new Set(guest.requests.map(({ id }) => id)).size).toBe(3);
    expect(guest.requests.every(({ keep }) => keep)).toBe(true);
    expect(guest.ends).toBe(0);
    expect(fake.runners.find(name, 'anna')).toMatchObject({ runsUnderWay: 0, runsDone: 3 });
  });

  test('runs several at once, each with its own output, in whatever order they end', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const held = holdRuns(fake.guest());
    const results = [1, 2, 3].map(() => fake.runners.run(name, PROGRAM, terms()));
    await settle();
    expect(new Set(held.map(({ request }) => request.id)).size).toBe(3);
    expect(fake.runners.find(name, 'anna').runsUnderWay).toBe(3);
    for (const [index, run] of [...held.entries()].reverse()) {
      run.print('stdout', print(`output ${index}`));
      run.report();
      await settle();
    }
    const outputs = (await Promise.all(results)).map(({ stdout }) => stdout);
    expect(outputs).toEqual(['output 0', 'output 1', 'output 2']);
  });

  test('has no more runs at once than it may', async () => {
    await using fake = await FakeRunners.start(1, { runsPerRunner: 2 });
    const name = await fake.create();
    const held = holdRuns(fake.guest());
    const results = [1, 2].map(() => fake.runners.run(name, PROGRAM, terms()));
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject({
      ...busy,
      facts: { runner: name },
    });
    held[0]?.report();
    await results[0];
    const third = fake.runners.run(name, PROGRAM, terms());
    await settle();
    expect(held).toHaveLength(3);
    for (const run of held) run.report();
    await Promise.all([results[1], third]);
  });

  test('stays usable after a run that took too long', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    guest.onRun = async ({ id }) => exitReport(id, { timedOut: true });
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toBeInstanceOf(RunnerTimedOutError);
    await settle();
    guest.onRun = async ({ id }) => exitReport(id);
    expect(await fake.runners.run(name, PROGRAM, terms())).toMatchObject({ exitCode: 0 });
    expect(guest.ends).toBe(0);
  });

  test('stays usable after a program that the agent refused', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    fake.guest().onRun = () => Promise.reject(new RunRefusedError('no such language'));
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject({
      name: 'runnerExecutionFailed',
      message: 'no such language',
    });
    await settle();
    expect(fake.runners.find(name, 'anna').state).toBe('RUNNING');
  });

  test('whose agent is late with its report is ended, with the other runs on it', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    holdRuns(fake.guest());
    const stuck = failure(fake.runners.run(name, PROGRAM, terms({ seconds: 1 })));
    const other = failure(fake.runners.run(name, PROGRAM, terms({ seconds: 50 })));
    await pass(10_000);
    expect(await stuck).toBeInstanceOf(RunnerTimedOutError);
    expect(await other).toMatchObject({ name: 'runnerExecutionFailed' });
    expect(fake.guest().ends).toBe(1);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
  });

  test('that is lost fails its runs, and is gone', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    holdRuns(fake.guest());
    const error = failure(fake.runners.run(name, PROGRAM, terms()));
    await settle();
    fake.guest().lose();
    expect(await error).toMatchObject({
      name: 'runnerExecutionFailed',
      message: expect.stringContaining('lost'),
      facts: { runner: name, duration: expect.any(Number) },
    });
    await settle();
    expect(fake.guest().ends).toBe(1);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
  });
});

describe('one who leaves a run on a persistent runner', () => {
  test('has that run killed, and no other; the runner stays', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    const held = holdRuns(guest);
    guest.onKill = (id) => {
      held.find(({ request }) => request.id === id)?.report({ code: null, signal: 'SIGKILL' });
    };
    const leave = new AbortController();
    const gone = failure(fake.runners.run(name, PROGRAM, terms({ signal: leave.signal })));
    const other = fake.runners.run(name, PROGRAM, terms());
    await settle();
    const reason = new Error('gone');
    leave.abort(reason);
    expect(await gone).toBe(reason);
    expect(guest.killed).toEqual(held.slice(0, 1).map(({ request }) => request.id));
    expect(fake.runners.find(name, 'anna')).toMatchObject({ runsUnderWay: 1 });
    held[1]?.report();
    expect(await other).toMatchObject({ exitCode: 0 });
    await pass(LONG);
    expect(guest.ends).toBe(0);
  });

  test('ends the runner when its agent does not even kill it', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create({ idleSeconds: 10_000, maxAgeSeconds: 10_000 });
    holdRuns(fake.guest());
    const leave = new AbortController();
    const gone = failure(fake.runners.run(name, PROGRAM, terms({ signal: leave.signal, seconds: 5_000 })));
    await settle();
    leave.abort(new Error('gone'));
    await pass(LONG);
    expect(await gone).toMatchObject({ message: 'gone' });
    expect(fake.guest().ends).toBe(1);
    expect(await failure(fake.runners.run(name, PROGRAM, terms()))).toMatchObject(notFound);
  });

  test('and left before it began starts nothing', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const reason = new Error('gone');
    const left = terms({ signal: AbortSignal.abort(reason) });
    expect(await failure(fake.runners.run(name, PROGRAM, left))).toBe(reason);
    expect(fake.guest().requests).toEqual([]);
  });
});
