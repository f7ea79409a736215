import { describe, expect, test } from 'bun:test';
import type { EgressPolicy } from '../../../src/network/policy.ts';
import { CodeLandError } from '../../../src/runner/errors.ts';
import type { RunTerms } from '../../../src/runner/terms.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { failure } from '../../support/failure.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { FakeRunners, LIFETIME, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const EGRESS: EgressPolicy = {
  mode: 'egress',
  allow: [{ cidr: '203.0.113.0/24', ports: null }],
  deny: [],
  kibPerSecond: 10,
  connections: 2,
};

/** Notes what is done to a guest, in order. */
function steps(guest: FakeGuest): readonly string[] {
  const done: string[] = [];
  guest.onConnect = async () => void done.push('connect');
  guest.onResume = async () => void done.push('resume');
  guest.onRun = async ({ id }) => {
    done.push('run');
    return exitReport(id);
  };
  return done;
}

describe('a runner with a way out', () => {
  test('gets it before its only run', async () => {
    await using fake = await FakeRunners.start(1);
    const done = steps(fake.guest());
    await fake.runners.runOnce(PROGRAM, terms({ network: EGRESS }));
    expect(done).toEqual(['connect', 'run', 'resume']);
    expect(fake.guest().connected).toEqual([EGRESS]);
  });

  test('gets it before it is woken, and keeps it whatever later runs are asked with', async () => {
    await using fake = await FakeRunners.start(1);
    const done = steps(fake.guest());
    const name = await fake.create(LIFETIME, { network: EGRESS });
    expect(fake.runners.find(name, 'anna').network).toBe('egress');
    await fake.runners.run(name, PROGRAM, terms({ network: EGRESS }));
    await fake.runners.run(name, PROGRAM, terms());
    expect(done).toEqual(['connect', 'resume', 'run', 'run']);
    expect(fake.runners.find(name, 'anna').network).toBe('egress');
  });

  test('is nobody’s to run on before it has it', async () => {
    await using fake = await FakeRunners.start(1);
    const connected = Promise.withResolvers<void>();
    fake.guest().onConnect = () => connected.promise;
    const created = fake.create(LIFETIME, { network: EGRESS });
    await settle();
    expect(fake.runners.list()).toEqual([]);
    const error = await failure(fake.runners.run(fake.guest().name, PROGRAM, terms()));
    expect(error).toMatchObject({ name: 'runnerNotFound' });
    expect(fake.guest().resumed).toBe(0);
    connected.resolve();
    expect(fake.runners.find(await created, 'anna').network).toBe('egress');
  });

  test('has the time that it took in the receipt, with the take', async () => {
    await using fake = await FakeRunners.start(1);
    steps(fake.guest());
    const connected = Promise.withResolvers<void>();
    fake.guest().onConnect = () => connected.promise;
    const result = fake.runners.runOnce(PROGRAM, terms({ network: EGRESS }));
    await pass(30);
    connected.resolve();
    const { receipt } = await result;
    expect(receipt.takeMs).toBeGreaterThanOrEqual(30);
    expect(receipt).toMatchObject({ queueMs: 0, agentMs: 0, totalMs: receipt.takeMs });
  });
});

describe('a runner without', () => {
  test('is given none', async () => {
    await using fake = await FakeRunners.start(2);
    const done = steps(fake.guest(0));
    await fake.runners.runOnce(PROGRAM, terms());
    expect(done).toEqual(['run', 'resume']);
    const name = await fake.create(LIFETIME);
    expect(fake.runners.find(name, 'anna').network).toBe('none');
    expect([fake.guest(0), fake.guest(1)].map(({ connected }) => connected)).toEqual([[], []]);
  });

  test('is not given one by a later run', async () => {
    await using fake = await FakeRunners.start(1);
    steps(fake.guest());
    const name = await fake.create(LIFETIME);
    await fake.runners.run(name, PROGRAM, terms({ network: EGRESS }));
    expect(fake.guest().connected).toEqual([]);
    expect(fake.runners.find(name, 'anna').network).toBe('none');
  });
});

describe('a guest that cannot be given a way out', () => {
  const ways = [
    ['a single run', (fake: FakeRunners, more: RunTerms) => fake.runners.runOnce(PROGRAM, more)],
    ['a runner that stays', (fake: FakeRunners, more: RunTerms) => fake.create(LIFETIME, more)],
  ] as const;

  test.each(ways)('fails %s, which runs nothing, and ends', async (_, ask) => {
    await using fake = await FakeRunners.start(2);
    const cause = new Error('no tap');
    const guest = fake.guest(0);
    steps(guest);
    guest.onConnect = () => Promise.reject(cause);
    const error = await failure(ask(fake, terms({ network: EGRESS })));
    expect(error).toBeInstanceOf(CodeLandError);
    expect(error).toMatchObject({
      name: 'runnerExecutionFailed',
      message: 'the runner failed',
      facts: { runner: guest.name },
      cause,
    });
    await settle();
    expect([guest.ends, guest.resumed, guest.requests.length]).toEqual([1, 0, 0]);
    // The seat is free again.
    const owner = { id: 'anna', maxRunners: 1 };
    steps(fake.guest(1));
    await fake.runners.runOnce(PROGRAM, terms({ owner }));
  });

  test.each(ways)('is not kept for one who left meanwhile: %s', async (_, ask) => {
    await using fake = await FakeRunners.start(1);
    const guest = fake.guest();
    const connected = Promise.withResolvers<void>();
    guest.onConnect = () => connected.promise;
    const left = new AbortController();
    const asked = ask(fake, terms({ network: EGRESS, signal: left.signal }));
    await settle();
    const reason = new Error('gone');
    left.abort(reason);
    connected.resolve();
    expect(await failure(asked)).toBe(reason);
    await settle();
    expect([guest.ends, guest.resumed, guest.requests.length]).toEqual([1, 0, 0]);
  });

  test('does not hold up the end of the service', async () => {
    const fake = await FakeRunners.start(1);
    const connected = Promise.withResolvers<void>();
    fake.guest().onConnect = () => connected.promise;
    const created = fake.create(LIFETIME, { network: EGRESS });
    await settle();
    const ended = fake[Symbol.asyncDispose]();
    connected.resolve();
    await created;
    await ended;
    expect(fake.guest().ends).toBe(1);
  });
});
