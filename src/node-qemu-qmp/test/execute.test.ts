import { describe, expect, spyOn, test } from 'bun:test';
import { QmpClient, QmpCommandError, QmpDisconnectedError } from '../src/mod.ts';
import { failure } from './support/failure.ts';
import { FakeQemu } from './support/fake-qemu.ts';

describe('execute', () => {
  test('sends the command and gives back what the reply carries', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const reply = client.execute('qom-get', { path: '/machine', property: 'type' });
    const command = await peer.command();
    expect(command).toEqual({
      execute: 'qom-get',
      arguments: { path: '/machine', property: 'type' },
      id: expect.any(Number),
    });
    peer.send({ return: 'pc-i440fx-7.2-machine', id: command.id });
    expect(await reply).toBe('pc-i440fx-7.2-machine');
  });

  test('sends no arguments when it has none', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const reply = client.execute('cont');
    const command = await peer.command();
    expect(Object.keys(command).sort()).toEqual(['execute', 'id']);
    peer.send({ return: {}, id: command.id });
    expect(await reply).toEqual({});
  });

  test('matches replies by id, in whatever order they come', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const replies = ['a', 'b', 'c'].map((property) => client.execute('qom-get', { path: '/', property }));
    const commands = [await peer.command(), await peer.command(), await peer.command()];
    expect(new Set(commands.map(({ id }) => id)).size).toBe(3);
    for (const command of commands.reverse()) peer.send({ return: command.arguments, id: command.id });
    expect(await Promise.all(replies)).toEqual(['a', 'b', 'c'].map((property) => ({ path: '/', property })));
  });

  test('rejects with what QEMU says, and the session goes on', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const refused = failure(client.execute('balloon', { value: 1 }));
    const first = await peer.command();
    peer.send({ error: { class: 'DeviceNotActive', desc: 'No balloon device' }, id: first.id });
    const error = await refused;
    expect(error).toBeInstanceOf(QmpCommandError);
    expect(error).toMatchObject({
      message: 'balloon: No balloon device',
      command: 'balloon',
      arguments: { value: 1 },
      errorClass: 'DeviceNotActive',
      description: 'No balloon device',
    });
    const accepted = client.execute('stop');
    peer.send({ return: {}, id: (await peer.command()).id });
    expect(await accepted).toEqual({});
  });

  test('runs out of band by its own verb', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path, outOfBand: true });
    const reply = client.executeOutOfBand('migrate-pause');
    const command = await peer.command();
    expect(command).toEqual({ 'exec-oob': 'migrate-pause', id: expect.any(Number) });
    peer.send({ return: {}, id: command.id });
    expect(await reply).toEqual({});
  });

  test('rejects what is not JSON, without a byte on the wire', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const circular: { value: number; self?: object } = { value: 1 };
    circular.self = circular;
    expect(await failure(client.execute('balloon', circular))).toBeInstanceOf(TypeError);
    const next = client.execute('stop');
    const command = await peer.command();
    expect(command.execute).toBe('stop');
    peer.send({ return: {}, id: command.id });
    await next;
  });
});

describe('aborting a command', () => {
  test('rejects with the reason; the late reply is dropped', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const controller = new AbortController();
    const aborted = failure(client.execute('query-status', {}, { signal: controller.signal }));
    const reason = new Error('no patience');
    const late = await peer.command();
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    peer.send({ return: { status: 'late' }, id: late.id });
    const next = client.execute('query-name');
    peer.send({ return: { name: 'next' }, id: (await peer.command()).id });
    expect(await next).toEqual({ name: 'next' });
  });

  test('leaves other commands alone', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const controller = new AbortController();
    const aborted = failure(client.execute('stop', undefined, { signal: controller.signal }));
    const other = client.execute('query-name');
    await peer.command();
    controller.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError' });
    peer.send({ return: {}, id: (await peer.command()).id });
    expect(await other).toEqual({});
  });

  test('beforehand sends nothing', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const reason = new Error('too late');
    expect(await failure(client.execute('quit', {}, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const next = client.execute('stop');
    const command = await peer.command();
    expect(command.execute).toBe('stop');
    peer.send({ return: {}, id: command.id });
    await next;
  });

  test('after the reply changes nothing, nor after the end', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const controller = new AbortController();
    const { signal } = controller;
    const replied = client.execute('stop', {}, { signal });
    peer.send({ return: {}, id: (await peer.command()).id });
    expect(await replied).toEqual({});
    const cut = failure(client.execute('stop', {}, { signal }));
    peer.hangUp();
    await client.closed;
    controller.abort();
    expect(await cut).toBeInstanceOf(QmpDisconnectedError);
  });

  test('is no longer listened for once the wait is over', async () => {
    await using peer = await FakeQemu.start();
    await using client = await QmpClient.connect({ path: peer.path });
    const { signal } = new AbortController();
    const added = spyOn(signal, 'addEventListener');
    const removed = spyOn(signal, 'removeEventListener');
    const replied = client.execute('stop', {}, { signal });
    peer.send({ return: {}, id: (await peer.command()).id });
    await replied;
    expect(removed).toHaveBeenCalledTimes(1);
    const seen = client.once('STOP', { signal });
    peer.event('STOP');
    await seen;
    expect(removed).toHaveBeenCalledTimes(2);
    await client.events({ signal }).return();
    expect(removed).toHaveBeenCalledTimes(3);
    const cut = failure(client.execute('stop', {}, { signal }));
    peer.hangUp();
    await cut;
    expect(removed).toHaveBeenCalledTimes(4);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});
