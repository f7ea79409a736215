/** What only a test can bring about from outside: what happens between two turns. */
import { expect, test } from 'bun:test';
import { getEventListeners } from 'node:events';
import { Execution } from '../../../src/runner/execution.ts';
import { OutputCollector } from '../../../src/runner/output.ts';
import { Runner } from '../../../src/runner/runner.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import { FakeGuest } from '../../support/fake-guest.ts';
import { fakeJournal } from '../../support/fake-journal.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { claim, FakeTemplate } from '../../support/fake-template.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('one who left between the take and the run gets nothing, and no guest is kept', async () => {
  const template = new FakeTemplate();
  await using pool = template.pool({ target: 1 });
  pool.start();
  const guest = await template.finish();
  template.memory = 0;
  let isGone = false;
  const runner = new Runner({
    lease: await claim(pool),
    ownerId: 'anna',
    network: 'none',
    lifetime: undefined,
    maxRuns: 1,
    journal: fakeJournal(),
    onUsage: () => {},
    onRun: () => {},
    onEnding: () => {},
    onGone: () => {
      isGone = true;
    },
  });
  const reason = new Error('gone');
  const left = terms({ signal: AbortSignal.abort(reason) });
  const call = { terms: left, onLeave: 'abandon' } as const;
  expect(await failure(runner.run(PROGRAM, call))).toBe(reason);
  await settle();
  expect(guest.ends).toBe(1);
  expect(isGone).toBe(true);
});

test('a run that is over is not killed', async () => {
  const guest = new FakeGuest('runner-1');
  guest.onRun = async ({ id }) => exitReport(id);
  const order = { id: 1, program: PROGRAM, seconds: 1, outputBytes: 1, keep: true, resume: false };
  const run = Execution.begin(guest, order, new OutputCollector());
  await run.ended;
  run.kill();
  expect(guest.killed).toEqual([]);
});

test('a signal is listened to while something is waited for, and no longer', async () => {
  await using fake = await FakeRunners.start(1);
  const { signal } = new AbortController();
  const name = await fake.create(LIFETIME, { signal });
  const held = holdRuns(fake.guest());
  const run = fake.runners.run(name, PROGRAM, terms({ signal }));
  await settle();
  expect(listeners(signal)).toBe(1);
  held[0]?.report();
  await run;
  expect(listeners(signal)).toBe(0);

  const waiting = failure(fake.runners.runOnce(PROGRAM, terms({ signal, waitSeconds: 1 })));
  await settle();
  expect(listeners(signal)).toBe(1);
  await pass(2_000);
  await waiting;
  expect(listeners(signal)).toBe(0);
});
