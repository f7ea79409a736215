import { expect, expectTypeOf, test } from 'bun:test';
import type { QmpClient, QmpEvent, QmpEventStream, QmpOutOfBandCommandName, QmpReturn } from '../src/mod.ts';

/** Never called: what counts is that the compiler accepts this file, and needs every `ts-expect-error` in it. */
async function mustCompile(client: QmpClient, signal: AbortSignal): Promise<void> {
  // Arguments may be left out when all of them may.
  await client.execute('cont');
  await client.execute('cont', {});
  await client.execute('cont', undefined, { signal });
  await client.execute('device_add', { driver: 'virtio-balloon-pci', id: 'b', 'free-page-reporting': true });
  await client.execute('migrate-set-capabilities', {
    capabilities: [{ capability: 'x-ignore-shared', state: true }],
  });
  await client.execute('qom-set', { path: '/b', property: 'guest-stats-polling-interval', value: 1 });
  // @ts-expect-error: no such command.
  await client.execute('query-statuses');
  // @ts-expect-error: cont takes nothing.
  await client.execute('cont', { now: true });
  // @ts-expect-error: balloon needs a value.
  await client.execute('balloon');
  // @ts-expect-error: and that value is a number.
  await client.execute('balloon', { value: '1' });
  // @ts-expect-error: balloon takes nothing but a value.
  await client.execute('balloon', { value: 1, unit: 'MiB' });
  await client.execute('migrate-set-capabilities', {
    // @ts-expect-error: no such capability.
    capabilities: [{ capability: 'teleport', state: true }],
  });
  // @ts-expect-error: a device needs a driver, whatever else it takes.
  await client.execute('device_add', { id: 'x' });
  // @ts-expect-error: properties are JSON.
  await client.execute('device_add', { driver: 'x', property: () => {} });
  // Variants: what else is needed depends on the tag.
  await client.execute('netdev_add', { type: 'hubport', id: 'n', hubid: 1 });
  // @ts-expect-error: a hub port needs its hub.
  await client.execute('netdev_add', { type: 'hubport', id: 'n' });

  await client.executeOutOfBand('migrate-pause');
  // @ts-expect-error: QEMU runs few commands out of band, and cont is none of them.
  await client.executeOutOfBand('cont');

  const status = await client.execute('query-status');
  expectTypeOf(status.running).toEqualTypeOf<boolean>();
  // @ts-expect-error: no such status.
  if (status.status === 'sleeping') return;
  const migration = await client.execute('query-migrate');
  expectTypeOf(migration.ram?.transferred).toEqualTypeOf<number | undefined>();

  const shutdown = await client.once('SHUTDOWN', { filter: ({ data }) => data.guest });
  expectTypeOf(shutdown.event).toEqualTypeOf<'SHUTDOWN'>();
  // @ts-expect-error: no such event.
  await client.once('EXPLOSION');
  const stop = await client.once('STOP');
  expectTypeOf(stop.data).toEqualTypeOf<undefined>();

  for await (const event of client.events({ names: ['MIGRATION', 'STOP'], signal })) {
    expectTypeOf(event.event).toEqualTypeOf<'MIGRATION' | 'STOP'>();
    if (event.event === 'MIGRATION') expectTypeOf(event.data.status).not.toBeAny();
    // @ts-expect-error: not among the names.
    if (event.event === 'RESUME') return;
  }
  expectTypeOf(client.events()).toEqualTypeOf<QmpEventStream<QmpEvent>>();

  // @ts-expect-error: clients come from connect.
  new QmpClientValue();
}

declare const QmpClientValue: typeof QmpClient;

/** Never called. */
async function mustCompileToConnect(connect: typeof QmpClient.connect, signal: AbortSignal): Promise<void> {
  await connect({ path: '/monitor' });
  await connect({ path: '/monitor', signal: undefined });
  await connect({ path: '/monitor', waitForSocket: true, signal });
  // @ts-expect-error: waiting for a socket that may never come needs a signal.
  await connect({ path: '/monitor', waitForSocket: true });
}

test('types follow the schema', () => {
  expectTypeOf<QmpReturn<'qom-get'>>().not.toBeAny();
  expectTypeOf<'query-yank'>().toExtend<QmpOutOfBandCommandName>();
  expect([mustCompile, mustCompileToConnect]).toHaveLength(2);
});
