import { describe, expect, test } from 'bun:test';
import {
  QmpClient,
  QmpCommandError,
  QmpConnectError,
  QmpGreetingError,
  QmpNegotiationError,
  QmpProtocolError,
} from '../src/mod.ts';
import { causes, failure, names } from './support/failure.ts';
import { FakeQemu } from './support/fake-qemu.ts';

const nowhere = '/nonexistent/monitor';

describe('connecting', () => {
  test('gives a client that was greeted and has negotiated', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    expect(client.version).toEqual({ qemu: { major: 7, minor: 2, micro: 22 }, package: '' });
    expect(client.outOfBand).toBe(false);
    expect(peer.negotiation).toEqual({ execute: 'qmp_capabilities', id: expect.any(Number) });
  });

  test('fails at once where nobody listens', async () => {
    const error = await failure(QmpClient.connect({ path: nowhere }));
    expect(error).toBeInstanceOf(QmpConnectError);
    expect(error).toMatchObject({ path: nowhere, cause: { code: 'ENOENT' } });
  });

  test('fails where a path cannot be a socket', async () => {
    const error = await failure(QmpClient.connect({ path: `/tmp/${'x'.repeat(200)}` }));
    expect(error).toBeInstanceOf(QmpConnectError);
  });

  test('waits for a socket that comes later', async () => {
    const { peer, listen } = await FakeQemu.startLater();
    await using _peer = peer;
    const { signal } = new AbortController();
    const connecting = QmpClient.connect({ path: peer.path, waitForSocket: true, signal });
    expect(await failure(QmpClient.connect({ path: peer.path }))).toBeInstanceOf(QmpConnectError);
    await listen();
    await using client = await connecting;
    expect(client.version.qemu.major).toBe(7);
  });

  test('stops waiting for a socket when the signal says so', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const connecting = failure(QmpClient.connect({ path: nowhere, waitForSocket: true, signal }));
    const reason = new Error('QEMU did not start');
    controller.abort(reason);
    const error = await connecting;
    expect(error).toBeInstanceOf(QmpConnectError);
    expect(causes(error)[0]).toBe(reason);
  });

  test('does not begin with a signal that has fired', async () => {
    await using peer = await FakeQemu.start();
    const reason = new Error('too late');
    const error = await failure(QmpClient.connect({ path: peer.path, signal: AbortSignal.abort(reason) }));
    expect(error).toBeInstanceOf(QmpConnectError);
    expect(causes(error)[0]).toBe(reason);
    expect(peer.connections).toBe(0);
  });
});

describe('the greeting', () => {
  test.each(['SSH-2.0-OpenSSH_9.2', '{}', '{"return": {}, "id": 1}', '[]'])(
    'cannot be %p',
    async (greeting) => {
      await using peer = await FakeQemu.start({ greeting });
      const error = await failure(QmpClient.connect({ path: peer.path }));
      expect(error).toBeInstanceOf(QmpGreetingError);
      expect(names(error).slice(0, 3)).toEqual([
        'QmpGreetingError',
        'QmpDisconnectedError',
        'QmpProtocolError',
      ]);
    },
  );

  test('is missed when the peer hangs up', async () => {
    await using peer = await FakeQemu.start({ greeting: null });
    const connecting = failure(QmpClient.connect({ path: peer.path }));
    while (peer.connections === 0) await Bun.sleep(1);
    peer.hangUp();
    expect(await connecting).toBeInstanceOf(QmpGreetingError);
  });

  test('is not waited for after the signal, and the socket is closed', async () => {
    await using peer = await FakeQemu.start({ greeting: null });
    const controller = new AbortController();
    const connecting = failure(QmpClient.connect({ path: peer.path, signal: controller.signal }));
    while (peer.connections === 0) await Bun.sleep(1);
    await Bun.sleep(10); // Both ends know of the connection now.
    const reason = new Error('no patience');
    controller.abort(reason);
    const error = await connecting;
    expect(error).toBeInstanceOf(QmpGreetingError);
    expect(causes(error)[0]).toBe(reason);
    while (peer.connections > 0) await Bun.sleep(1);
  });

  test('comes once', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    peer.send({ QMP: { version: client.version, capabilities: [] } });
    expect(await client.closed).toBeInstanceOf(QmpProtocolError);
  });
});

describe('negotiation', () => {
  test('asks for out-of-band execution when told to', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, outOfBand: true });
    expect(client.outOfBand).toBe(true);
    expect(peer.negotiation?.arguments).toEqual({ enable: ['oob'] });
  });

  test('does not ask for what is not on offer', async () => {
    const greeting =
      '{"QMP": {"version": {"qemu": {"major": 2, "minor": 0, "micro": 0}, "package": ""}, "capabilities": []}}';
    await using peer = await FakeQemu.start({ greeting });
    await using client = await QmpClient.connect({ path: peer.path, outOfBand: true });
    expect(client.outOfBand).toBe(false);
    expect(peer.negotiation?.arguments).toBeUndefined();
    expect(await failure(client.executeOutOfBand('query-yank'))).toBeInstanceOf(QmpNegotiationError);
  });

  test('fails when QEMU refuses', async () => {
    await using peer = await FakeQemu.start({ negotiates: false });
    const connecting = failure(QmpClient.connect({ path: peer.path }));
    const { id } = await peer.command();
    peer.send({
      error: { class: 'CommandNotFound', desc: 'Capabilities negotiation is already complete' },
      id,
    });
    const error = await connecting;
    expect(error).toBeInstanceOf(QmpNegotiationError);
    expect(causes(error)[0]).toBeInstanceOf(QmpCommandError);
  });

  test('fails when QEMU goes away', async () => {
    await using peer = await FakeQemu.start({ negotiates: false });
    const connecting = failure(QmpClient.connect({ path: peer.path }));
    await peer.command();
    peer.hangUp();
    const error = await connecting;
    expect(names(error)).toEqual(['QmpNegotiationError', 'QmpDisconnectedError', 'QmpEndedError']);
  });
});
