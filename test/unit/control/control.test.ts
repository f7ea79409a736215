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
import { failure } from '../../support/failure.ts';
import { FakeTemplate } from '../../support/fake-template.ts';
import { TempFolder } from '../../support/temp-folder.ts';

/** The services of a server that has restored nothing yet. */
function services(more: Partial<ControlServices> = {}): ControlServices {
  const pool = new FakeTemplate().pool();
  return {
    pool,
    runners: { list: () => [] },
    templates: () => ({ current: 'template-1' }),
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

test('tells a fault from a failure, and names neither what it was nor where', async () => {
  await using folder = await TempFolder.create();
  const faults: unknown[] = [];
  const fault = new Error('a secret');
  const app = createControlApp(
    services({
      templates: () => {
        throw fault;
      },
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
