/** The server process: settings → service → port; ends cleanly on SIGTERM or SIGINT. */
import { ensureFirstKey } from './access/first-key.ts';
import { compose, type Service } from './compose.ts';
import { type Config, loadConfig } from './config.ts';
import { listenControl } from './control/server.ts';
import type { Installed } from './installed.ts';
import { openAtStart } from './integrity/start.ts';
import { makeUnsharedFolder } from './lib/files.ts';
import { disableTransparentHugePages, shutOthersOut } from './lib/posix.ts';
import { findServer, recordServer } from './server-record.ts';
import { createLog, type Log } from './telemetry/log.ts';

export type RunningServer = AsyncDisposable & {
  readonly url: string;
  readonly service: Service;
  /**
   * Ends the server, but leaves runners that stay to the next one. What runs is answered first.
   * @returns How many were left.
   */
  readonly leave: () => Promise<number>;
};

/** Another server uses the data folder already. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

export type ServeOptions = {
  readonly log: Log;
  /** What to restore guests from, if somebody has opened it already; the server's own from here on. */
  readonly from?: Installed;
  /** Ends a bake that the start has to wait for. */
  readonly signal?: AbortSignal;
};

/**
 * Starts the server.
 * @throws {AlreadyRunningError} When another one uses the data folder.
 * @throws {SharedFolderError} When others may write to the data folder.
 * @throws {StoreError} When the database cannot be used.
 * @throws {Error} When the data folder's control socket cannot be made.
 * @throws As {@link openAtStart}.
 */
export async function serve(config: Config, { log, from, signal }: ServeOptions): Promise<RunningServer> {
  shutOthersOut();
  await using stack = new AsyncDisposableStack();
  if (from) stack.use(from);
  const other = await findServer(config.home);
  if (other)
    throw new AlreadyRunningError(`a server (pid ${other.pid}) already uses ${config.home}: ${other.url}`);
  makeUnsharedFolder(config.home);
  disableTransparentHugePages();
  if (config.auth === 'keys') await ensureFirstKey(config.home, config.key);
  const installed = from ?? stack.use(await openAtStart(config, log, signal));
  const service = stack.use(await compose(config, installed, log));
  const { app, runners, build } = service;
  // A start that fails leaves the runners that it took over to the next one, which may not.
  let isUp = false;
  const endRunners = async () => void (await (isUp ? runners[Symbol.asyncDispose]() : service.leave()));
  stack.defer(endRunners);
  // Bodies are bounded by the routes, which answer in the API's own form.
  app.listen({ hostname: config.host, port: config.port, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
  stack.defer(async () => {
    // Who waits for a guest is refused at once; what runs already is answered.
    await Promise.all([app.stop(), endRunners()]);
    log.stopped();
  });
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${app.server?.port}`;
  stack.use(await listenControl(config.home, service.control));
  stack.use(await recordServer(config.home, url));
  log.started({ url, ...build });
  isUp = true;
  const owned = stack.move();
  return {
    url,
    service,
    leave: async () => {
      const [, left] = await Promise.all([app.stop(), service.leave()]);
      await owned.disposeAsync();
      return left;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * Ends a server as it was asked to: SIGTERM, which a service manager sends, may leave runners to the next one.
 * @returns Whether guests go on, which have this process as their parent: it must be ended.
 */
export async function end(
  server: RunningServer,
  config: Config,
  log: Log,
  stop: AbortSignal,
): Promise<boolean> {
  log.stopping(whyStopped(stop));
  if (config.onStop === 'end' || whyStopped(stop) !== STOPPED_BY_MANAGER) {
    await server[Symbol.asyncDispose]();
    return false;
  }
  const left = await server.leave();
  if (left > 0) log.left(left);
  return left > 0;
}

const STOPPED_BY_MANAGER = 'ended by SIGTERM';

/** Aborted by the first SIGINT or SIGTERM, from the call on. A second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort(new Error(`ended by ${name}`));
      process.once(name, () => process.exit(1));
    });
  }
  return stop.signal;
}

/** As `ended by SIGTERM`. */
export const whyStopped = (stop: AbortSignal): string => String(stop.reason?.message ?? stop.reason);

/** Waits until the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

if (import.meta.main) {
  const stop = stopSignal();
  let guestsGoOn = false;
  try {
    const config = loadConfig();
    using log = createLog({ level: config.logLevel, destination: 'stdout' });
    const server = await serve(config, { log, signal: stop });
    await untilAborted(stop);
    guestsGoOn = await end(server, config, log, stop);
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      console.error(`${cause === error ? 'codeland' : '  because'}: ${cause.message}`);
    }
    process.exit(1);
  }
  // They, or what holds them, are children of this process, which would wait for them.
  if (guestsGoOn) process.exit(0);
}
