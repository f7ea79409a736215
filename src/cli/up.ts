/** `scripts/up`, once Debian and npm packages are there: image, template, server, and how to use it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFirstKey, keyFile } from '../access/first-key.ts';
import type { Config } from '../config.ts';
import type { Installed } from '../installed.ts';
import { sleep } from '../lib/deadline.ts';
import { PRIVATE_FILE } from '../lib/files.ts';
import { end, serve, stopSignal, untilAborted } from '../main.ts';
import { findServer } from '../server-record.ts';
import { createLog } from '../telemetry/log.ts';
import { step } from './progress.ts';
import { setUp } from './set-up.ts';
import { settingsOrExit } from './settings.ts';

const READY_DEADLINE_MS = 120_000;
const POLL_MS = 100;

const logFile = ({ home }: Config) => join(home, 'server.log');

const config = settingsOrExit();
const detach = process.argv.includes('--detach');
/** The key is shown when it is made, and not again. */
const isFirstStart = !existsSync(keyFile(config.home));
const stop = stopSignal();

try {
  const running = await findServer(config.home);
  if (running) await sayHow(config, running.url);
  else {
    const from = await setUp(config, stop);
    if (detach) await from[Symbol.asyncDispose]();
    await (detach ? startDetached(config) : startHere(config, from));
  }
  process.exit(0);
} catch (error) {
  console.error(`codeland: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function startHere(config: Config, from: Installed): Promise<void> {
  using log = createLog({ level: config.logLevel, destination: { path: logFile(config) } });
  const server = await serve(config, { log, from });
  await using stack = new AsyncDisposableStack();
  stack.use(server);
  await step('filling the pool', async () => {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(READY_DEADLINE_MS)]);
    await server.service.pool.whenReady(config.pool.target, limit);
  });
  await sayHow(config, server.url);
  console.log('Ctrl-C ends it.');
  await untilAborted(stop);
  console.log('ending: waiting for running requests');
  stack.move();
  await end(server, config, log, stop);
}

async function startDetached(config: Config): Promise<void> {
  const logPath = logFile(config);
  const url = await step('filling the pool', async () => {
    await using log = await open(logPath, 'a', PRIVATE_FILE);
    const server = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    server.unref();
    try {
      return await untilReady(config, server, logPath);
    } catch (error) {
      server.kill('SIGTERM');
      throw error;
    }
  });
  await sayHow(config, url);
  console.log('scripts/down ends it.');
}

async function untilReady(
  config: Config,
  server: { exitCode: number | null },
  logPath: string,
): Promise<string> {
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(READY_DEADLINE_MS)]);
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended at once; ${logPath} says why`);
    await sleep(POLL_MS, deadline);
    const found = await findServer(config.home);
    if (found && (await isReady(found.url))) return found.url;
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

async function sayHow(config: Config, url: string): Promise<void> {
  const header = await sayKey(config);
  const [first, option] = header === undefined ? ['', ''] : [`${header} |\n    `, ' -H @-'];
  console.log(`CodeLand listens on ${url}; ${url}/openapi shows the API

  ${first}curl -sS ${url}/api/v1/runner/run${option} \\
    -d '{"code": "console.log(\\"Hello, CodeLand!\\")"}'
`);
}

/**
 * Shows a new key, once, to whoever sits there: not to a log that the output goes to.
 * @returns What prints the header with the key, for curl to read: all users of a machine see the arguments of programs.
 */
async function sayKey({ home, auth, key: given }: Config): Promise<string | undefined> {
  console.log('');
  if (auth === 'none') {
    console.log('Requests need no key: whoever can log in to this machine can run code.');
    return undefined;
  }
  if (given !== undefined) return printing(process.env['CODELAND_KEY'] ? '$CODELAND_KEY' : '$YOUR_KEY');
  const { key, notice } = await ensureFirstKey(home, given);
  if (notice !== undefined) {
    console.log(notice);
    return printing('$YOUR_KEY');
  }
  if (isFirstStart && key !== undefined) {
    const shown = process.stdout.isTTY ? `: ${key}` : '.';
    console.log(`A key was made${shown}\nIt is kept in ${keyFile(home)}; scripts/keys makes others.`);
  }
  return printing(`$(cat ${keyFile(home)})`);
}

/** A command of the shell itself, so that the key is in no process's arguments. */
function printing(key: string): string {
  return `printf 'Authorization: Bearer %s' "${key}"`;
}
