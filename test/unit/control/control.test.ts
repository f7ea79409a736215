import { expect, test } from 'bun:test';
import { stat } from 'node:fs/promises';
import { answered, ControlAnswerError, controlClient, NoServerError } from '../../../src/control/client.ts';
import {
  type ControlServices,
  controlSocket,
  createControlApp,
  listenControl,
} from '../../../src/control/server.ts';
import { bindUnixSocket, closeDescriptor } from '../../../src/lib/posix.ts';
import { RolloutRefusedError } from '../../../src/rollout/refusal.ts';
import type { RolloutOrder } from '../../../src/rollout/rollouts.ts';
import { failure } from '../../support/failure.ts';
import { FakeTemplate } from '../../support/fake-template.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** The services of a server that has restored nothing yet. */
function services(more: Partial<ControlServices> = {}): ControlServices {
  const pool = new FakeTemplate().pool();
  return {
    pool,
    runners: { list: () => [] },
    supply: { id: 'template-1', canaryId: undefined },
    store: { list: async () => [] },
    rollouts: {
      view: null,
      begin: () => new Promise(() => {}),
      abort: () => false,
      reload: async () => ({ template: 'template-1', isNew: false }),
    },
    kept: undefined,
    onFault: (error) => {
      throw error;
    },
    ...more,
  };
}

test('answers on a socket that is the folder owner’s alone, and leaves nothing', async () => {
  await using folder = await TempFolder.create();
  {
    await using _ = await listenControl(folder.path, createControlApp(services()));
    const { mode } = await stat(controlSocket(folder.path));
    expect(mode & 0o777).toBe(0o600);
    expect(await answered(controlClient(folder.path).status.get())).toMatchObject({
      current: 'template-1',
      pool: { target: 2, ready: 0 },
      guests: [],
    });
  }
  expect(await failure(stat(controlSocket(folder.path)))).toMatchObject({ code: 'ENOENT' });
  expect(await failure(answered(controlClient(folder.path).status.get()))).toBeInstanceOf(NoServerError);
});

test('listens where a killed server did, whose socket is nobody’s until then', async () => {
  await using folder = await TempFolder.create();
  closeDescriptor(bindUnixSocket(controlSocket(folder.path)));
  const client = controlClient(folder.path);
  expect(await failure(answered(client.status.get()))).toBeInstanceOf(NoServerError);
  await using _ = await listenControl(folder.path, createControlApp(services()));
  expect(await answered(client.status.get())).toMatchObject({ current: 'template-1' });
});

test('passes an order for a rollout on, with what is usual for what it leaves out', async () => {
  await using folder = await TempFolder.create();
  const orders: RolloutOrder[] = [];
  const figures = null;
  const rollouts = {
    ...services().rollouts,
    begin: async (order: RolloutOrder) => {
      orders.push(order);
      if (order.template === 'old') throw new RolloutRefusedError('it is in use already');
      return { outcome: 'promoted', reason: '', template: order.template, before: 'old', figures } as const;
    },
  };
  await using _ = await listenControl(folder.path, createControlApp(services({ rollouts })));
  const { rollout, templates } = controlClient(folder.path);
  expect(await answered(rollout.post({ template: 'new', runs: 3 }))).toMatchObject({ outcome: 'promoted' });
  expect(orders).toEqual([{ template: 'new', sharePercent: 25, runs: 3, seconds: 600, maxErrorPercent: 5 }]);
  expect(await failure(answered(rollout.post({ template: 'old' })))).toMatchObject({
    failure: 'refused',
    message: 'it is in use already',
  });
  for (const wrong of [{ template: '../x' }, { template: 'new', runs: 0 }, { template: 'new', more: 1 }]) {
    expect(await failure(answered(rollout.post(wrong)))).toMatchObject({ failure: 'invalidRequest' });
  }
  expect(orders).toHaveLength(2);
  expect(await failure(answered(rollout.delete()))).toMatchObject({ failure: 'notFound' });
  expect(await answered(templates.reload.post())).toEqual({ template: 'template-1', isNew: false });
});

test('gives a rollout up when the one who ordered it leaves', async () => {
  await using folder = await TempFolder.create();
  const given = Promise.withResolvers<AbortSignal>();
  const rollouts = {
    ...services().rollouts,
    begin: (_: RolloutOrder, signal: AbortSignal) => {
      given.resolve(signal);
      return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const app = createControlApp(services({ rollouts, onFault: () => {} }));
  await using _ = await listenControl(folder.path, app);
  const client = new AbortController();
  const call = { fetch: { signal: client.signal } };
  const order = failure(answered(controlClient(folder.path).rollout.post({ template: 'new' }, call)));
  const signal = await given.promise;
  const reason = new Error('interrupted');
  client.abort(reason);
  expect(await order).toBe(reason);
  await until('the server to notice', () => signal.aborted);
  expect(String(signal.reason)).toContain('the one who ordered it has left');
});

test('tells a fault from a failure, and names neither what it was nor where', async () => {
  await using folder = await TempFolder.create();
  const faults: unknown[] = [];
  const fault = new Error('a secret');
  const app = createControlApp(
    services({
      store: { list: () => Promise.reject(fault) },
      onFault: (error) => faults.push(error),
    }),
  );
  await using _ = await listenControl(folder.path, app);
  const error = await failure(answered(controlClient(folder.path).status.get()));
  expect(error).toBeInstanceOf(ControlAnswerError);
  expect(error).toMatchObject({ failure: 'internal' });
  expect(String(error)).not.toContain('secret');
  expect(faults).toEqual([fault]);
  const response = await app.handle(new Request('http://control/nothing'));
  expect([response.status, await response.json()]).toEqual([
    404,
    { name: 'notFound', message: 'no such route' },
  ]);
});

test('says of kept guests that none is kept, or that there is none of the name', async () => {
  await using folder = await TempFolder.create();
  await using _ = await listenControl(folder.path, createControlApp(services()));
  const { kept } = controlClient(folder.path);
  expect(await answered(kept.get())).toEqual({ isOn: false, guests: [] });
  const one = kept({ name: 'runner-1' });
  const none = { failure: 'notFound' };
  expect(await failure(answered(one.console.get()))).toMatchObject(none);
  expect(await failure(answered(one.processes.get()))).toMatchObject(none);
  expect(await failure(answered(one.files.get()))).toMatchObject(none);
  expect(await failure(answered(one.delete()))).toMatchObject(none);
  expect(await failure(answered(one.file.get({ query: { path: '' } })))).toMatchObject({
    failure: 'invalidRequest',
  });
});
