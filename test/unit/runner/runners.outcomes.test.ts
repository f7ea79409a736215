/** What is told of a run for its template's sake: whether the guest failed it. */
import { expect, test } from 'bun:test';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { failure } from '../../support/failure.ts';
import { FakeRunners, type HeldRun, holdRuns, PROGRAM, terms } from '../../support/fake-runners.ts';
import { LONG, pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const TEMPLATE = 'template-of-the-test';

/** A run on a runner that stays, ended by the test. */
async function outcomesOf(end: (run: HeldRun, fake: FakeRunners) => unknown, signal?: AbortSignal) {
  await using fake = await FakeRunners.start(1);
  const name = await fake.create();
  const [held, run] = [holdRuns(fake.guest()), fake.runners.run(name, PROGRAM, terms(signal && { signal }))];
  const ended = run.catch(() => undefined);
  await settle();
  const [first] = held;
  if (!first) throw new Error('the run did not begin');
  await end(first, fake);
  await pass(LONG);
  await ended;
  return fake.outcomes;
}

test.each([
  ['ended', (run: HeldRun) => run.report({ code: 0 })],
  ['failed by its own fault', (run: HeldRun) => run.report({ code: 1 })],
  ['took too long', (run: HeldRun) => run.report({ code: null, signal: 'SIGKILL', timedOut: true })],
])('a program that %s was run', async (_, end) => {
  expect(await outcomesOf(end)).toEqual([[TEMPLATE, false]]);
});

test.each([
  ['whose agent broke', (run: HeldRun) => run.fail(new AgentLinkError('a broken frame'))],
  ['whose agent refused', (run: HeldRun) => run.fail(new RunRefusedError('no interpreter'))],
  ['whose guest was lost', (_: HeldRun, fake: FakeRunners) => fake.guest().lose()],
  ['that was never reported', () => {}],
])('a run %s was failed by its guest', async (_, end) => {
  expect(await outcomesOf(end)).toEqual([[TEMPLATE, true]]);
});

test('a run that somebody ended says nothing of its guest', async () => {
  expect(await outcomesOf((_, fake) => fake.runners.delete(fake.guest().name, 'anna'))).toEqual([]);
  const left = new AbortController();
  const leave = (run: HeldRun) => {
    left.abort(new Error('gone'));
    run.report({ code: null, signal: 'SIGKILL' });
  };
  expect(await outcomesOf(leave, left.signal)).toEqual([]);
});

test('a throw-away runner tells as well', async () => {
  await using fake = await FakeRunners.start(1);
  fake.guest().onRun = () => Promise.reject(new AgentLinkError('gone'));
  await failure(fake.runners.runOnce(PROGRAM, terms()));
  expect(fake.outcomes).toEqual([[TEMPLATE, true]]);
});
