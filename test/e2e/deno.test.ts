/** The same app, on real guests, served by Deno instead of Bun. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Client, createClient } from '../../src/client.ts';
import { TEST_KEY, TestHome } from '../support/test-home.ts';

const DENO = join(import.meta.dirname, '../../node_modules/.bin/deno');
const SERVER = join(import.meta.dirname, '../support/deno-server.ts');
/** How long a request may wait for a guest on a busy machine, whole seconds. */
const WAIT = 60;

let home: TestHome;
let deno: ChildProcess;
let errors = '';
let url: string;
let client: Client;

beforeAll(async () => {
  home = await TestHome.create();
  deno = spawn(DENO, ['run', '--allow-all', '--no-check', SERVER], {
    env: { ...process.env, ...home.environment({ CODELAND_POOL_SIZE: '1', CODELAND_MAX_GUESTS: '2' }) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  deno.stderr?.on('data', (text) => {
    errors += text;
  });
  if (!deno.stdout) throw new Error('Deno has no output');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface(deno.stdout).once('line', resolve);
  deno.once('exit', () => reject(new Error(`Deno ended: ${errors}`)));
  url = `http://127.0.0.1:${await promise}`;
  client = createClient(url, { key: TEST_KEY });
}, 600_000);

afterAll(async () => {
  deno.stdin?.end();
  if (deno.exitCode === null) await once(deno, 'exit');
  await home[Symbol.asyncDispose]();
});

describe('under Deno', () => {
  it('a snippet runs in a guest', async () => {
    const { data, error } = await client.api.v1.runner.run.post(
      { code: 'console.log(6 * 7)' },
      { query: { wait: WAIT } },
    );
    expect(error).toBeNull();
    expect(data).toMatchObject({ stdout: '42\n', exitCode: 0 });
  });

  it('a runner stays, can be looked at, and ends', async () => {
    const { codeland } = client;
    const { data: made } = await codeland.run.new.post(
      { code: 'echo kept > note', language: 'bash' },
      { query: { wait: WAIT } },
    );
    const runner = codeland.run({ runner: made?.runner ?? '' });
    const { data: read } = await runner.post({ code: 'cat note', language: 'bash' });
    expect(read?.stdout).toBe('kept\n');
    const { data: info } = await runner.get();
    expect(info).toMatchObject({ runner: made?.runner, kind: 'persistent', runsDone: 2 });
    expect(info?.stats.hostPssBytes).toBeGreaterThan(0);
    expect((await runner.delete()).data).toEqual({ res: 'success' });
    expect((await runner.delete()).error?.status).toBe(404);
  });

  it('a run that takes too long is stopped', async () => {
    const { error } = await client.codeland.run.post(
      { code: "console.log('so far'); while (true);" },
      { query: { time: 5, wait: WAIT } },
    );
    expect(error?.value).toMatchObject({ name: 'runnerTimedOut', stdout: 'so far\n' });
  });

  it('who may not ask is told so', async () => {
    const { error, response } = await createClient(url).codeland.run.get();
    expect(error?.value.name).toBe('unauthorized');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('the API is described', async () => {
    const page = await fetch(`${url}/openapi`);
    const [, script] = /src="(openapi\/swagger[^"]+)"/.exec(await page.text()) ?? [];
    expect((await fetch(`${url}/${script}`)).status).toBe(200);
    expect(await (await fetch(`${url}/openapi/json`)).json()).toMatchObject({ openapi: '3.1.1' });
  });
});
