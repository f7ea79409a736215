/** `scripts/up`, once Debian and npm packages are there: image, template, server, and how to use it. */
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installed } from '../compose.ts';
import { type Config, readConfig } from '../config.ts';
import { ensureKey } from '../key.ts';
import { sleep } from '../lib/deadline.ts';
import { serve, stopSignal, untilAborted } from '../main.ts';
import { findServer } from '../server-record.ts';
import { step } from './progress.ts';
import { setUp } from './set-up.ts';

const READY_DEADLINE_MS = 120_000;
const POLL_MS = 100;

const config = readConfig(process.env);
const detach = process.argv.includes('--detach');
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
  await using server = await serve(config, from);
  await step('filling the pool', async () => {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(READY_DEADLINE_MS)]);
    await server.service.pool.whenReady(config.pool.target, limit);
  });
  await sayHow(config, server.url);
  console.log('Ctrl-C ends it.');
  await untilAborted(stop);
  console.log('ending: waiting for running requests');
}

async function startDetached(config: Config): Promise<void> {
  const logPath = join(config.home, 'server.log');
  const url = await step('filling the pool', async () => {
    await mkdir(config.home, { recursive: true, mode: 0o700 });
    await using log = await open(logPath, 'a', 0o600);
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
  const key = await ensureKey(config.home, config.key);
  console.log(`
CodeLand listens on ${url}
key: ${key}

  curl -sS ${url}/api/v1/runner/run -H 'Authorization: Bearer ${key}' \\
    -d '{"code": "console.log(\\"Hello, CodeLand!\\")"}'
`);
}
