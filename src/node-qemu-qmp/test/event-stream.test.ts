import { describe, expect, test } from 'bun:test';
import { QmpEventOverflowError } from '../src/errors.ts';
import { EventStream } from '../src/event-stream.ts';
import { failure } from './support/failure.ts';

interface Numbered {
  readonly number: number;
}

/** A stream and how often it said that it takes no more. */
function open(capacity: number): { stream: EventStream<Numbered>; releases: () => number } {
  let count = 0;
  const stream = new EventStream<Numbered>(capacity, () => {
    count += 1;
  });
  return { stream, releases: () => count };
}

async function collect(stream: EventStream<Numbered>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of stream) numbers.push(number);
  return numbers;
}

describe('EventStream', () => {
  test('gives events in order, kept or awaited', async () => {
    const { stream, releases } = open(8);
    stream.push({ number: 1 });
    stream.push({ number: 2 });
    const all = collect(stream);
    await Promise.resolve();
    stream.push({ number: 3 });
    stream.finish();
    expect(await all).toEqual([1, 2, 3]);
    expect(releases()).toBe(1);
  });

  test('serves readers that wait in the order they came', async () => {
    const { stream } = open(8);
    const steps = [stream.next(), stream.next(), stream.next()];
    stream.push({ number: 1 });
    stream.push({ number: 2 });
    stream.finish();
    expect(await Promise.all(steps)).toEqual([
      { done: false, value: { number: 1 } },
      { done: false, value: { number: 2 } },
      { done: true, value: undefined },
    ]);
  });

  test('fails once, after the events before, and is over then', async () => {
    const { stream, releases } = open(8);
    const cause = new Error('lost');
    stream.push({ number: 1 });
    stream.fail(cause);
    stream.fail(new Error('later'));
    stream.push({ number: 2 });
    expect(await stream.next()).toEqual({ done: false, value: { number: 1 } });
    expect(await failure(stream.next())).toBe(cause);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(releases()).toBe(1);
  });

  test('says so when a slow reader loses events, and keeps those before', async () => {
    const { stream, releases } = open(2);
    for (const number of [1, 2, 3, 4]) stream.push({ number });
    expect(releases()).toBe(1);
    expect(await stream.next()).toEqual({ done: false, value: { number: 1 } });
    expect(await stream.next()).toEqual({ done: false, value: { number: 2 } });
    expect(await failure(stream.next())).toBeInstanceOf(QmpEventOverflowError);
  });

  test('is released when the reader breaks off', async () => {
    const { stream, releases } = open(8);
    stream.push({ number: 1 });
    stream.push({ number: 2 });
    for await (const { number } of stream) {
      expect(number).toBe(1);
      break;
    }
    expect(releases()).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('is released by a scope, and settles the reader that still waits', async () => {
    const { stream, releases } = open(8);
    const step = stream.next();
    {
      await using _scope = stream;
    }
    expect(await step).toEqual({ done: true, value: undefined });
    expect(releases()).toBe(1);
  });
});
