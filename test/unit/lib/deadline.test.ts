import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { DeadlineError, sleep, within } from '../../../src/lib/deadline.ts';
import { failure } from '../../support/failure.ts';
import { settle } from '../../support/time.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const never = () => new Promise<never>(() => {});

/** A signal that counts who still listens to it. */
function watched() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  return { controller, signal, listeners: () => listeners };
}

describe('within', () => {
  test('gives what the work gives', async () => {
    expect(await within(1_000, 'the work', Promise.resolve(7))).toBe(7);
  });

  test('fails as the work fails', async () => {
    const reason = new Error('broken');
    expect(await failure(within(1_000, 'the work', Promise.reject(reason)))).toBe(reason);
  });

  test('fails when the time is up, not before, and says what it waited for', async () => {
    let error: unknown;
    const waiting = failure(within(1_000, 'the hello', never())).then((value) => {
      error = value;
    });
    jest.advanceTimersByTime(999);
    await settle();
    expect(error).toBeUndefined();
    jest.advanceTimersByTime(1);
    await waiting;
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ message: expect.stringContaining('the hello') });
  });

  test('lets late work fail in silence', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const error = failure(within(1_000, 'the work', promise));
    jest.advanceTimersByTime(1_000);
    expect(await error).toBeInstanceOf(DeadlineError);
    reject(new Error('later'));
    await settle();
  });

  test('ends with the reason of the signal', async () => {
    const { controller, signal } = watched();
    const error = failure(within(1_000, 'the work', never(), signal));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await error).toBe(reason);
    expect(await failure(within(1_000, 'the work', never(), signal))).toBe(reason);
  });

  test('leaves no listener on the signal', async () => {
    const { signal, listeners } = watched();
    await within(1_000, 'the work', Promise.resolve(), signal);
    await failure(within(1_000, 'the work', Promise.reject(new Error('no')), signal));
    const late = failure(within(1_000, 'the work', never(), signal));
    jest.advanceTimersByTime(1_000);
    await late;
    expect(listeners()).toBe(0);
  });
});

describe('sleep', () => {
  test('ends when its time is over, and leaves no listener', async () => {
    const { signal, listeners } = watched();
    let isOver = false;
    const sleeping = sleep(500, signal).then(() => {
      isOver = true;
    });
    jest.advanceTimersByTime(499);
    await settle();
    expect(isOver).toBe(false);
    jest.advanceTimersByTime(1);
    await sleeping;
    expect(listeners()).toBe(0);
  });

  test('ends at once with the reason of the signal', async () => {
    const { controller, signal } = watched();
    const sleeping = failure(sleep(500, signal));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await sleeping).toBe(reason);
    expect(await failure(sleep(500, signal))).toBe(reason);
  });
});
