import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { FakeRunners, holdRuns, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

/** Has each run use so much of the host's CPU. */
function runsCost(guest: FakeGuest, ms: number): void {
  guest.onRun = async ({ id }) => {
    guest.cpuMs += ms;
    return exitReport(id);
  };
}

describe("the host's CPU time", () => {
  test('of a throw-away runner is charged once, behind the answer, without what its restore took', async () => {
    await using fake = await FakeRunners.start(1, { onGuest: (guest) => (guest.cpuMs = 5_000) });
    runsCost(fake.guest(), 120);
    await fake.runners.runOnce(PROGRAM, terms());
    expect(fake.charged).toEqual([]);
    await settle();
    expect(fake.charged).toEqual([['anna', 120]]);
    await pass(200_000);
    expect(fake.charged).toHaveLength(1);
  });

  test('is not read between a request and its answer', async () => {
    let reads = 0;
    await using fake = await FakeRunners.start(1, { cpuMs: () => reads++ });
    runsCost(fake.guest(), 0);
    const before = reads;
    await fake.runners.runOnce(PROGRAM, terms());
    expect(reads).toBe(before);
    await settle();
    expect(reads).toBe(before + 1);
  });

  test('of a persistent runner is charged after each run, and for the rest at its end', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    runsCost(guest, 120);
    for (let run = 0; run < 2; run += 1) {
      await fake.runners.run(name, PROGRAM, terms());
      await settle();
    }
    // A background process goes on.
    guest.cpuMs += 30;
    await fake.runners.delete(name, 'anna');
    expect(fake.charged).toEqual([
      ['anna', 120],
      ['anna', 120],
      ['anna', 30],
    ]);
  });

  test('of a persistent runner without runs is charged once a minute', async () => {
    await using fake = await FakeRunners.start(1);
    await fake.create({ idleSeconds: 1_000, maxAgeSeconds: 1_000 });
    for (let minute = 0; minute < 3; minute += 1) {
      fake.guest().cpuMs += 7;
      await pass(60_000);
    }
    expect(fake.charged).toEqual([
      ['anna', 7],
      ['anna', 7],
      ['anna', 7],
    ]);
    // Nothing was used since.
    await pass(60_000);
    expect(fake.charged).toHaveLength(3);
  });

  test('of a run that lasts is charged once a minute', async () => {
    await using fake = await FakeRunners.start(1);
    const held = holdRuns(fake.guest());
    const result = fake.runners.runOnce(PROGRAM, terms({ seconds: 200 }));
    await settle();
    fake.guest().cpuMs += 60_000;
    await pass(60_000);
    expect(fake.charged).toEqual([['anna', 60_000]]);
    fake.guest().cpuMs += 500;
    held[0]?.report();
    await result;
    await settle();
    expect(fake.charged.slice(1)).toEqual([['anna', 500]]);
  });

  test.each([
    ['a run that is abandoned', 'leave'],
    ['a run that fails', 'fail'],
  ])('of %s is charged as well', async (_, how) => {
    await using fake = await FakeRunners.start(1);
    const held = holdRuns(fake.guest());
    const leave = new AbortController();
    const error = failure(fake.runners.runOnce(PROGRAM, terms({ signal: leave.signal })));
    await settle();
    fake.guest().cpuMs += 40;
    if (how === 'leave') leave.abort(new Error('gone'));
    else held[0]?.fail(new Error('broken'));
    await error;
    await settle();
    expect(fake.charged).toEqual([['anna', 40]]);
  });

  test('is read before the guest ends: the pid of an ended one may be another process', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create();
    const guest = fake.guest();
    runsCost(guest, 10);
    const run = fake.runners.run(name, PROGRAM, terms());
    await run;
    guest.cpuMs += 5;
    await fake.runners.delete(name, 'anna');
    guest.cpuMs = 1_000_000;
    // The end of its process is seen only now.
    guest.lose();
    await pass(120_000);
    const total = fake.charged.reduce((sum, [, ms]) => sum + ms, 0);
    expect(total).toBe(15);
  });

  test('is never negative, and nothing for a process that is gone', async () => {
    const answers = [100, 40, null, 150, 160];
    let asked = 0;
    await using fake = await FakeRunners.start(1, { cpuMs: () => answers[asked++] ?? null });
    await fake.create({ idleSeconds: 1_000, maxAgeSeconds: 1_000 });
    for (let minute = 0; minute < 4; minute += 1) await pass(60_000);
    expect(fake.charged).toEqual([
      ['anna', 50],
      ['anna', 10],
    ]);
  });

  test('that cannot be charged is reported, and harms neither the runner nor its end', async () => {
    await using fake = await FakeRunners.start(1);
    const name = await fake.create(LIFETIME);
    fake.onUsage = () => {
      throw new Error('the disk is full');
    };
    fake.guest().cpuMs += 12;
    await fake.runners.delete(name, 'anna');
    expect(fake.guest().ends).toBe(1);
    expect(fake.template.messages).toEqual(['12 ms of CPU time were not charged']);
    expect(fake.runners.list()).toEqual([]);
  });
});
