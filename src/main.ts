/** The server process: settings → service → port; ends cleanly on SIGTERM or SIGINT. */
import { mkdir } from 'node:fs/promises';
import { compose, type Installed, openInstalled, type Service } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { ensureKey } from './key.ts';
import { disableTransparentHugePages } from './lib/posix.ts';
import { findServer, recordServer } from './server-record.ts';

export type RunningServer = AsyncDisposable & { readonly url: string; readonly service: Service };

/** Another server uses the data folder already. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

const onFault = (error: unknown) => {
  for (let cause: unknown = error; cause; cause = cause instanceof Error ? cause.cause : undefined) {
    console.error(
      cause === error ? '' : '  because:',
      cause instanceof Error ? `${cause.name}: ${cause.message}` : cause,
    );
  }
};

/**
 * Starts the server.
 * @param from What to restore guests from, if somebody has opened it already; the server's own from here on.
 * @throws {AlreadyRunningError} When another one uses the data folder.
 * @throws As {@link openInstalled}.
 */
export async function serve(config: Config, from?: Installed): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  if (from) stack.use(from);
  const other = await findServer(config.home);
  if (other)
    throw new AlreadyRunningError(`a server (pid ${other.pid}) already uses ${config.home}: ${other.url}`);
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  disableTransparentHugePages();
  const key = await ensureKey(config.home, config.key);
  const installed = from ?? stack.use(await openInstalled(config));
  const service = stack.use(await compose(config, installed, { key, onFault }));
  const { app } = service;
  // Bodies are bounded by the routes, which answer in the API's own form.
  app.listen({ hostname: config.host, port: config.port, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
  stack.defer(async () => {
    await app.stop();
  });
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${app.server?.port}`;
  stack.use(await recordServer(config.home, url));
  const owned = stack.move();
  return { url, service, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

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

/** Waits until the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

if (import.meta.main) {
  const stop = stopSignal();
  try {
    await using server = await serve(readConfig(process.env));
    console.log(`listening on ${server.url}`);
    await untilAborted(stop);
  } catch (error) {
    onFault(error);
    process.exitCode = 1;
  }
}
