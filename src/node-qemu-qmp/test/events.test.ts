import { describe, expect, test } from 'bun:test';
import { QmpClient, QmpDisconnectedError, QmpEventOverflowError } from '../src/mod.ts';
import { causes, failure } from './support/failure.ts';
import { FakeQemu } from './support/fake-qemu.ts';

/** A round trip: every event the peer sent before it has arrived after it. */
async function settle(peer: FakeQemu, client: QmpClient): Promise<void> {
  const reply = client.execute('query-name');
  peer.send({ return: {}, id: (await peer.command()).id });
  await reply;
}

describe('events', () => {
  test('come in order, from the call on', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    peer.event('RESET', { guest: true, reason: 'guest-reset' });
    await settle(peer, client);
    const events = client.events();
    peer.event('STOP');
    peer.event('RTC_CHANGE', { offset: 3, 'qom-path': '/rtc' });
    expect(await events.next()).toMatchObject({ done: false, value: { event: 'STOP' } });
    expect((await events.next()).value).toEqual({
      event: 'RTC_CHANGE',
      timestamp: { seconds: 1, microseconds: 2 },
      data: { offset: 3, 'qom-path': '/rtc' },
    });
  });

  test('can be chosen by name', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const chosen = client.events({ names: ['STOP', 'SHUTDOWN'] });
    for (const name of ['RESUME', 'STOP', 'RESUME']) peer.event(name);
    peer.event('SHUTDOWN', { guest: false, reason: 'host-qmp-quit' });
    const seen: string[] = [];
    for await (const event of chosen) {
      seen.push(event.event);
      if (event.event === 'SHUTDOWN') {
        expect(event.data.reason).toBe('host-qmp-quit');
        break;
      }
    }
    expect(seen).toEqual(['STOP', 'SHUTDOWN']);
  });

  test('reach every reader', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const readers = [
      client.events(),
      client.events({ names: ['STOP'] }),
      client.events({ names: ['RESUME'] }),
    ];
    peer.event('STOP');
    peer.event('RESUME');
    const seen = await Promise.all(readers.map(async (reader) => (await reader.next()).value?.event));
    expect(seen).toEqual(['STOP', 'STOP', 'RESUME']);
  });

  test('that nobody reads end the stream, and only that stream', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const slow = client.events({ capacity: 1 });
    const other = client.events();
    peer.event('STOP');
    peer.event('RESUME');
    await settle(peer, client);
    expect((await slow.next()).value?.event).toBe('STOP');
    expect(await failure(slow.next())).toBeInstanceOf(QmpEventOverflowError);
    expect([(await other.next()).value?.event, (await other.next()).value?.event]).toEqual([
      'STOP',
      'RESUME',
    ]);
  });

  test('stop with the signal, and do not begin after it', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const controller = new AbortController();
    const reason = new Error('enough');
    const step = failure(client.events({ signal: controller.signal }).next());
    controller.abort(reason);
    expect(await step).toBe(reason);
    expect(await failure(client.events({ signal: controller.signal }).next())).toBe(reason);
  });

  test('end in good order when the client is disposed of, those before still given', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    const events = client.events();
    peer.event('STOP');
    await settle(peer, client);
    await client[Symbol.asyncDispose]();
    expect((await events.next()).value?.event).toBe('STOP');
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(await client.events().next()).toEqual({ done: true, value: undefined });
  });

  test('fail when the connection is lost, those before still given', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const events = client.events();
    peer.event('STOP');
    peer.hangUp();
    const reason = await client.closed;
    expect((await events.next()).value?.event).toBe('STOP');
    const error = await failure(events.next());
    expect(error).toBeInstanceOf(QmpDisconnectedError);
    expect(causes(error)[0]).toBe(reason);
    expect(await failure(client.events().next())).toBeInstanceOf(QmpDisconnectedError);
  });
});

describe('once', () => {
  test('listens from the call on, before it is awaited', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const stopped = client.once('STOP');
    peer.event('RESUME');
    peer.event('STOP');
    await settle(peer, client);
    expect(await stopped).toEqual({ event: 'STOP', timestamp: { seconds: 1, microseconds: 2 } });
  });

  test('takes the first event that its filter wants', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const ended = client.once('MIGRATION', {
      filter: ({ data }) => data.status === 'completed' || data.status === 'failed',
    });
    for (const status of ['setup', 'active', 'completed', 'failed']) peer.event('MIGRATION', { status });
    expect((await ended).data.status).toBe('completed');
  });

  test('rejects with what its filter throws; others see the event', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const fault = new Error('in the filter');
    const faulty = failure(
      client.once('STOP', {
        filter: () => {
          throw fault;
        },
      }),
    );
    const sound = client.once('STOP');
    peer.event('STOP');
    expect(await faulty).toBe(fault);
    expect((await sound).event).toBe('STOP');
  });

  test('rejects with the reason of the signal', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = failure(client.once('STOP', { signal: controller.signal }));
    controller.abort(reason);
    expect(await stopped).toBe(reason);
    expect(await failure(client.once('STOP', { signal: controller.signal }))).toBe(reason);
  });

  test('rejects when the connection is lost, and after it', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const stopped = failure(client.once('STOP'));
    peer.hangUp();
    const error = await stopped;
    expect(error).toBeInstanceOf(QmpDisconnectedError);
    expect(causes(error)[0]).toBe(await client.closed);
    expect(await failure(client.once('STOP'))).toBeInstanceOf(QmpDisconnectedError);
  });

  test('that was given up is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await using peer = await FakeQemu.start();
      await using client = await QmpClient.connect({ path: peer.path });
      void client.once('STOP');
      peer.hangUp();
      await client.closed;
      await Bun.sleep(5);
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
