import { describe, expect, test } from 'bun:test';
import { QmpClient, QmpDisconnectedError, QmpEndedError, QmpProtocolError } from '../src/mod.ts';
import { causes, failure } from './support/failure.ts';
import { FakeQemu } from './support/fake-qemu.ts';

const EVENTS = 4000;

/** What a guest that writes to the CPU hot-plug registers has its QEMU say. */
const eventLine = (status: number) => {
  const info = { device: 'cpu0', source: 0, status, slot: '0', 'slot-type': 'CPU' };
  return `${JSON.stringify({ event: 'ACPI_DEVICE_OST', timestamp: { seconds: 1, microseconds: 2 }, data: { info } })}\n`;
};
const flood = Array.from({ length: EVENTS }, (_, index) => eventLine(index)).join('');

/** The statuses of the events as they come, and how many had come at the end of each turn of the event loop. */
function watch(client: QmpClient) {
  const statuses: number[] = [];
  const byTurn = [0];
  const all = Promise.withResolvers<void>();
  const turn = () => {
    byTurn.push(statuses.length);
    if (statuses.length < EVENTS) setImmediate(turn);
    else all.resolve();
  };
  const first = client.once('ACPI_DEVICE_OST', {
    filter: ({ data }) => {
      if (statuses.length === 0) setImmediate(turn);
      statuses.push(data.info.status);
      return statuses.length === EVENTS;
    },
  });
  return { statuses, byTurn, first, all: all.promise };
}

describe('events without end', () => {
  test('leave each turn of the event loop to others, and none is lost', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, maxEventsPerSecond: EVENTS });
    const { statuses, byTurn, first, all } = watch(client);
    const status = client.execute('query-status');
    const { id } = await peer.command();
    peer.raw(`${flood}${JSON.stringify({ return: { status: 'running', running: true }, id })}\n`);
    expect(await status).toMatchObject({ status: 'running' });
    await first;
    await all;
    expect(statuses).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
    const most = Math.max(...byTurn.map((count, index) => count - (byTurn[index - 1] ?? 0)));
    expect(most).toBeLessThan(EVENTS / 10);
  });

  test('are taken before the end of the connection that follows them', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, maxEventsPerSecond: EVENTS });
    const { statuses, first } = watch(client);
    const command = failure(client.execute('stop'));
    await peer.command();
    peer.raw(flood);
    peer.hangUp();
    await first;
    expect(statuses.length).toBe(EVENTS);
    expect(causes(await command).at(-1)).toBeInstanceOf(QmpEndedError);
    expect(await client.closed).toBeInstanceOf(QmpEndedError);
  });

  test('and then nonsense end the session, also when the connection has ended by then', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, maxEventsPerSecond: EVENTS });
    const { first } = watch(client);
    const lost = failure(first);
    peer.raw(`${flood.slice(0, flood.length / 2)}\n\n`);
    peer.hangUp();
    expect(await lost).toBeInstanceOf(QmpDisconnectedError);
    expect(await client.closed).toBeInstanceOf(QmpProtocolError);
  });

  test('end the session when they are more than they may be in a second', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const { statuses, first } = watch(client);
    const lost = failure(first);
    peer.raw(flood);
    expect(await lost).toBeInstanceOf(QmpDisconnectedError);
    expect(await client.closed).toBeInstanceOf(QmpProtocolError);
    expect(statuses.length).toBeLessThan(EVENTS);
  });

  test.each([1, 63, 64, 65, 128])('do not hold up a dispose at event %d', async (last) => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path, maxEventsPerSecond: EVENTS });
    let seen = 0;
    let gone: Promise<void> | undefined;
    const wait = failure(
      client.once('ACPI_DEVICE_OST', {
        filter: () => {
          seen += 1;
          if (seen === last) gone = client[Symbol.asyncDispose]();
          return false;
        },
      }),
    );
    peer.raw(flood);
    expect(await wait).toBeInstanceOf(QmpDisconnectedError);
    await gone;
    expect(await client.closed).toBeUndefined();
    expect(seen).toBe(last);
  });
});
