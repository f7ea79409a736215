/**
 * What the operator's commands ask of a running server: an application of its own on a Unix socket in the data folder,
 * open to the folder's owner alone. It needs no key: whoever may connect may read every key from the database.
 */
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Elysia } from 'elysia';
import { PRIVATE_FILE } from '../lib/files.ts';
import { controlErrors } from './errors.ts';
import { type KeptServices, keptRoutes } from './kept.ts';
import { type RolloutServices, rolloutRoutes } from './rollout.ts';
import { type StatusServices, statusRoutes } from './status.ts';

export type ControlServices = StatusServices &
  RolloutServices &
  KeptServices & {
    /** Told of each error that is the server's own. */
    readonly onFault: (error: unknown) => void;
  };

export const createControlApp = ({ onFault, ...services }: ControlServices) =>
  new Elysia({ normalize: false })
    .use(controlErrors(onFault))
    .use(statusRoutes(services))
    .use(rolloutRoutes(services))
    .use(keptRoutes(services));

export type ControlApp = ReturnType<typeof createControlApp>;

export const controlSocket = (home: string) => join(home, 'control.sock');

/**
 * Listens on the data folder's socket until it is disposed of. Requests that are under way then are cut off.
 * @throws {Error} When the socket cannot be made, as when its path is longer than a socket's may be.
 */
export async function listenControl(home: string, app: ControlApp): Promise<AsyncDisposable> {
  const path = controlSocket(home);
  // One server uses a data folder: what is there is a killed server's.
  await rm(path, { force: true });
  app.listen({ unix: path });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(path, { force: true }));
  stack.defer(async () => {
    await app.stop(true);
  });
  await chmod(path, PRIVATE_FILE);
  return stack.move();
}
