import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { QmpClient, QmpCommandError, QmpDisconnectedError } from '../src/mod.ts';
import { causes, failure } from './support/failure.ts';
import { bare, machine, missing, run } from './support/real-qemu.ts';

// Starting a QEMU takes long on a busy machine.
setDefaultTimeout(60_000);

/** Whether that process runs: a zombie, which its parent has not reaped yet, does not. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return false;
  const state = readFileSync(file, 'utf8').split(') ')[1]?.charAt(0);
  return state !== 'Z' && state !== 'X';
}

function openSockets(): number {
  const isSocket = (descriptor: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:');
    } catch {
      return false;
    }
  };
  return readdirSync('/proc/self/fd').filter(isSocket).length;
}

describe.skipIf(missing !== undefined)(
  `with a real QEMU${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test('negotiates, and knows the version', async () => {
      await using running = await run(bare);
      const { client } = running;
      expect(await client.execute('query-version')).toEqual(client.version);
      expect(client.version.qemu.major).toBeGreaterThan(0);
      expect(client.outOfBand).toBe(false);
    });

    test('runs commands out of band', async () => {
      await using running = await run(bare, true);
      const { client } = running;
      expect(client.outOfBand).toBe(true);
      expect(await client.executeOutOfBand('query-yank')).toEqual(await client.execute('query-yank'));
    });

    test('answers 100 commands at once, each with its own reply', async () => {
      await using running = await run(bare);
      const { client } = running;
      const kinds = (await client.execute('qom-list-types')).map(({ name }) => name).slice(0, 50);
      const replies = kinds.flatMap((implementation) => [
        client.execute('qom-list-types', { implements: implementation }),
        client.execute('qom-get', { path: '/machine', property: 'type' }),
      ]);
      const one = (implementation: string) =>
        client.execute('qom-list-types', { implements: implementation });
      const results = await Promise.all(replies);
      expect(results).toHaveLength(100);
      for (const [index, kind] of kinds.entries()) {
        expect(results[2 * index]).toEqual(await one(kind));
        expect(results[2 * index + 1]).toBe('none-machine');
      }
    });

    test('tells what QEMU refuses, and goes on', async () => {
      await using running = await run(bare);
      const { client } = running;
      const error = await failure(
        client.execute('device_add', { driver: 'no-such-device', id: 'x', addr: 3 }),
      );
      expect(error).toBeInstanceOf(QmpCommandError);
      expect(error).toMatchObject({
        command: 'device_add',
        arguments: { driver: 'no-such-device', id: 'x', addr: 3 },
        errorClass: 'GenericError',
      });
      expect(await client.execute('query-status')).toMatchObject({ running: false });
    });

    test('sees STOP and RESUME', async () => {
      await using running = await run(machine);
      const { client } = running;
      const events = client.events({ names: ['STOP', 'RESUME'] });
      const resumed = client.once('RESUME');
      await client.execute('cont');
      await resumed;
      expect(await client.execute('query-status')).toMatchObject({ running: true, status: 'running' });
      const stopped = client.once('STOP');
      await client.execute('stop');
      const { timestamp } = await stopped;
      expect(timestamp.seconds).toBeGreaterThan(0);
      expect((await events.next()).value?.event).toBe('RESUME');
      expect((await events.next()).value?.event).toBe('STOP');
    });

    test('sees SHUTDOWN on quit, then the end', async () => {
      await using running = await run(bare);
      const { client, qemu } = running;
      const shutdown = client.once('SHUTDOWN');
      const events = client.events();
      await client.execute('quit');
      expect((await shutdown).data).toMatchObject({ guest: false, reason: 'host-qmp-quit' });
      expect((await events.next()).value?.event).toBe('SHUTDOWN');
      expect(await failure(events.next())).toBeInstanceOf(QmpDisconnectedError);
      expect(await client.closed).toBeInstanceOf(Error);
      expect(await qemu.exited).toEqual({ code: 0, signal: null });
    });

    test('writes a command before execute returns', async () => {
      await using running = await run(bare);
      const { client, qemu } = running;
      const quit = client.execute('quit').catch(() => {});
      // Nothing of this process but this loop runs until QEMU has obeyed.
      const still = new Int32Array(new SharedArrayBuffer(4));
      for (let tries = 0; isRunning(qemu.pid) && tries < 10_000; tries += 1) Atomics.wait(still, 0, 0, 1);
      expect(isRunning(qemu.pid)).toBe(false);
      await quit;
    });

    test('ends every wait for one reason when QEMU is killed', async () => {
      await using running = await run(bare);
      const { client, qemu } = running;
      process.kill(qemu.pid, 'SIGSTOP');
      const waits = [
        failure(client.execute('query-status')),
        failure(client.execute('query-qmp-schema')),
        failure(client.once('SHUTDOWN')),
        failure(client.events().next()),
      ];
      qemu.kill();
      const reason = await client.closed;
      expect(reason).toBeInstanceOf(Error);
      for (const error of await Promise.all(waits)) {
        expect(error).toBeInstanceOf(QmpDisconnectedError);
        expect(causes(error)[0]).toBe(reason);
      }
      expect(await qemu.exited).toEqual({ code: null, signal: 'SIGKILL' });
    });

    test('drops the late reply of an aborted command', async () => {
      await using running = await run(bare);
      const { client, qemu } = running;
      const controller = new AbortController();
      process.kill(qemu.pid, 'SIGSTOP');
      const aborted = failure(client.execute('query-name', {}, { signal: controller.signal }));
      const reason = new Error('no patience');
      controller.abort(reason);
      expect(await aborted).toBe(reason);
      process.kill(qemu.pid, 'SIGCONT');
      expect(await client.execute('query-status')).toMatchObject({ running: false });
    });

    test('takes a next client once this one is disposed of', async () => {
      await using running = await run(bare);
      const { client, qemu } = running;
      await client[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
      expect(await client.closed).toBeUndefined();
      await using next = await QmpClient.connect({ path: qemu.path, signal: AbortSignal.timeout(30_000) });
      expect(await next.execute('query-status')).toMatchObject({ running: false });
    });

    test('leaves no process, socket or directory', async () => {
      const before = openSockets();
      const left: { pid: number; path: string }[] = [];
      for (let round = 0; round < 5; round += 1) {
        await using running = await run(bare);
        await running.client.execute('query-status');
        left.push({ pid: running.qemu.pid, path: running.qemu.path });
      }
      for (const { pid, path } of left) {
        expect(isRunning(pid)).toBe(false);
        expect(existsSync(dirname(path))).toBe(false);
      }
      expect(openSockets()).toBeLessThanOrEqual(before);
    });
  },
);
