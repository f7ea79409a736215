import { afterEach, beforeEach, describe, expect, it, jest } from 'bun:test';
import { SingleFlight } from '../../../src/stats/single-flight.ts';
import { pass, settle } from '../../support/time.ts';

const DEADLINE_MS = 1_000;
const unanswered = () => new Promise<never>(() => {});

describe('a question to a peer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is answered', async () => {
    const flight = new SingleFlight<object, string>();
    expect(await flight.ask({}, async () => 'well', DEADLINE_MS)).toBe('well');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is null when it fails, and may be asked again', async () => {
    const flight = new SingleFlight<object, string>();
    const peer = {};
    expect(await flight.ask(peer, () => Promise.reject(new Error('gone')), DEADLINE_MS)).toBeNull();
    const thrower = () => {
      throw new Error('gone');
    };
    expect(await flight.ask(peer, thrower, DEADLINE_MS)).toBeNull();
    expect(await flight.ask(peer, async () => 'well', DEADLINE_MS)).toBe('well');
  });

  it('is null at the deadline of each who asked, and not before', async () => {
    const flight = new SingleFlight<object, string>();
    const peer = {};
    const answers: (string | null)[] = [];
    for (const deadlineMs of [DEADLINE_MS, 2 * DEADLINE_MS]) {
      void flight.ask(peer, unanswered, deadlineMs).then((answer) => answers.push(answer));
    }
    await pass(DEADLINE_MS / 2);
    expect(answers).toEqual([]);
    await pass(DEADLINE_MS / 2);
    expect(answers).toEqual([null]);
    await pass(DEADLINE_MS);
    expect(answers).toEqual([null, null]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is asked once while it is open, of each peer', async () => {
    const flight = new SingleFlight<object, string>();
    const asked: string[] = [];
    const one = Promise.withResolvers<string>();
    const ask = (peer: { name: string }) =>
      flight.ask(
        peer,
        () => {
          asked.push(peer.name);
          return peer.name === 'one' ? one.promise : Promise.resolve('two');
        },
        DEADLINE_MS,
      );
    const peer = { name: 'one' };
    const answers = [ask(peer), ask(peer), ask({ name: 'two' })];
    await settle();
    one.resolve('one');
    expect(await Promise.all(answers)).toEqual(['one', 'one', 'two']);
    expect(asked).toEqual(['one', 'two']);
    await ask(peer);
    expect(asked).toEqual(['one', 'two', 'one']);
  });
});

it('a question that stays open keeps nobody who has left', async () => {
  const flight = new SingleFlight<object, string>();
  const peer = {};
  const left: WeakRef<object>[] = [];
  for (let count = 0; count < 100; count += 1) {
    const answer = flight.ask(peer, unanswered, 0);
    left.push(new WeakRef(answer));
    await answer;
  }
  // What was just made may still be on the stack, so not all of it need be gone.
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    Bun.gc(true);
  }
  expect(left.filter((reference) => reference.deref()).length).toBeLessThan(50);
});
