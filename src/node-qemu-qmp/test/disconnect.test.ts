import { describe, expect, test } from 'bun:test';
import {
  QmpClient,
  QmpDisconnectedError,
  QmpDisposedError,
  QmpEndedError,
  QmpProtocolError,
} from '../src/mod.ts';
import { causes, failure, names } from './support/failure.ts';
import { FakeQemu } from './support/fake-qemu.ts';

describe('a lost connection', () => {
  test('ends every wait for the same reason, which closed gives too', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const waits = [
      failure(client.execute('query-status')),
      failure(client.execute('query-name')),
      failure(client.once('STOP')),
      failure(client.events().next()),
    ];
    await peer.command();
    peer.hangUp();
    const reason = await client.closed;
    expect(reason).toBeInstanceOf(QmpEndedError);
    for (const error of await Promise.all(waits)) {
      expect(error).toBeInstanceOf(QmpDisconnectedError);
      expect(causes(error)[0]).toBe(reason);
    }
  });

  test('says what was waited for', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const waits = [failure(client.execute('query-status')), failure(client.once('STOP'))];
    peer.hangUp();
    const messages = (await Promise.all(waits)).map(String);
    expect(messages[0]).toContain('the reply to query-status');
    expect(messages[1]).toContain('the event STOP');
  });

  test('refuses commands after it', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    peer.hangUp();
    const reason = await client.closed;
    const error = await failure(client.execute('query-status'));
    expect(error).toBeInstanceOf(QmpDisconnectedError);
    expect(causes(error)[0]).toBe(reason);
  });

  test('still gives the replies that came before', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const answered = client.execute('quit');
    const unanswered = failure(client.execute('query-name'));
    const { id } = await peer.command();
    peer.send({ return: {}, id });
    peer.hangUp();
    expect(await answered).toEqual({});
    expect(await unanswered).toBeInstanceOf(QmpDisconnectedError);
  });
});

describe('a peer that does not speak QMP', () => {
  test.each([
    ['garbage', 'garbage\n'],
    ['a non-object', '[1, 2]\n'],
    ['a reply nobody can place', '{"return": {}}\n'],
    ['an unfinished message', '{"return": {}, \n'],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22, 0x0a)],
  ])('is left for %s', async (_, bytes) => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const pending = failure(client.execute('query-status'));
    await peer.command();
    peer.raw(bytes);
    expect(await client.closed).toBeInstanceOf(QmpProtocolError);
    expect(names(await pending).slice(0, 2)).toEqual(['QmpDisconnectedError', 'QmpProtocolError']);
    while (peer.connections > 0) await Bun.sleep(1);
  });

  test('is left for a line that never ends', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, maxLineBytes: 1000 });
    peer.raw('x'.repeat(1001));
    expect(String(await client.closed)).toContain(
      'QmpProtocolError: The peer sent a line of more than 1000 bytes',
    );
  });

  test('is heard up to its first bad line and no further', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const before = client.execute('query-name');
    const after = failure(client.execute('query-name'));
    const ids = [(await peer.command()).id, (await peer.command()).id];
    peer.raw(`{"return": {}, "id": ${ids[0]}}\nnonsense\n{"return": {}, "id": ${ids[1]}}\n`);
    expect(await before).toEqual({});
    expect(await after).toBeInstanceOf(QmpDisconnectedError);
  });

  test('may send a long line within the limit, in pieces', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const reply = client.execute('human-monitor-command', { 'command-line': 'info mtree' });
    const { id } = await peer.command();
    const text = '🐎'.repeat(500_000);
    peer.raw(`{"id": ${id}, "return": "`);
    peer.raw(text);
    peer.raw('"}\n');
    expect(await reply).toBe(text);
  });

  test('may send replies to unknown ids and events of unknown names', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    peer.send({ return: {}, id: 987_654 });
    peer.send({ error: { class: 'GenericError', desc: '' }, id: 987_654 });
    peer.event('EVENT_OF_A_NEWER_QEMU', { anything: 1 });
    const reply = client.execute('query-name');
    peer.send({ return: {}, id: (await peer.command()).id });
    expect(await reply).toEqual({});
  });
});

describe('disposing', () => {
  test('closes the connection and gives no reason', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    await client[Symbol.asyncDispose]();
    expect(await client.closed).toBeUndefined();
    while (peer.connections > 0) await Bun.sleep(1);
  });

  test('may be repeated, and overlap', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    await Promise.all([client[Symbol.asyncDispose](), client[Symbol.asyncDispose]()]);
    await client[Symbol.asyncDispose]();
    expect(await client.closed).toBeUndefined();
  });

  test('rejects what still waits', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    const waits = [failure(client.execute('query-status')), failure(client.once('STOP'))];
    await client[Symbol.asyncDispose]();
    for (const error of await Promise.all(waits)) {
      expect(error).toBeInstanceOf(QmpDisconnectedError);
      expect(causes(error)[0]).toBeInstanceOf(QmpDisposedError);
    }
  });

  test('after a failure keeps the failure as the reason', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    peer.raw('nonsense\n');
    const reason = await client.closed;
    expect(reason).toBeInstanceOf(QmpProtocolError);
    await client[Symbol.asyncDispose]();
    expect(await client.closed).toBe(reason);
    expect(causes(await failure(client.execute('stop')))[0]).toBe(reason);
  });

  test('by a listener drops what came in the same breath', async () => {
    await using peer = await FakeQemu.start();
    const client = await QmpClient.connect({ path: peer.path });
    const seen: string[] = [];
    const stopped = client.once('STOP', {
      filter: () => {
        void client[Symbol.asyncDispose]();
        return true;
      },
    });
    const resumed = failure(client.once('RESUME', { filter: ({ event }) => seen.push(event) > 0 }));
    const timestamp = { seconds: 1, microseconds: 2 };
    peer.raw(['STOP', 'RESUME'].map((event) => `${JSON.stringify({ event, timestamp })}\n`).join(''));
    await client.closed;
    expect(await resumed).toBeInstanceOf(QmpDisconnectedError);
    expect(seen).toEqual([]);
    await failure(stopped);
  });
});
