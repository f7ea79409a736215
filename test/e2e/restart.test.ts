/** A server that dies, and the one after it: what stays, what is ended, and that nobody is told something wrong. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { guestsOf, ServerProcess } from '../support/server-process.ts';
import { TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

let home: TestHome;
let server: ServerProcess;

beforeAll(async () => {
  home = await TestHome.create();
  server = await ServerProcess.start(home);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

/** Kills the server, or ends it, and starts the next one. */
async function restart(
  signal: 'SIGKILL' | 'SIGTERM',
  environment: Record<string, string> = {},
): Promise<void> {
  server.child.kill(signal);
  await server.ended;
  server = await ServerProcess.start(home, environment);
}

async function create(body: object = {}): Promise<string> {
  const made = await server.request('/api/v1/runner/new?wait=60', { body });
  expect(made.status).toBe(200);
  return String(made.body['runner']);
}

const runOn = (runner: string, body: object) => server.request(`/api/v1/runner/run/${runner}`, { body });
const names = async () => {
  const { runners } = (await server.request('/api/v1/runner')).body;
  return Array.isArray(runners) ? runners.map(({ name }) => String(name)) : [];
};
const info = async (runner: string) => (await server.request(`/api/v1/runner/${runner}`)).body;

test('a runner outlives a killed server: name, files, processes, age; the others are ended', async () => {
  const runner = await create({ language: 'bash', code: 'echo kept > note; sleep 600 & echo $! > pid' });
  const before = await info(runner);
  await restart('SIGKILL');
  const after = await info(runner);
  const same = ['pid', 'createdAt', 'template', 'proof', 'ip', 'runsDone'];
  for (const fact of same) expect(after[fact]).toEqual(before[fact]);
  expect(Number(after['ageSeconds'])).toBeGreaterThanOrEqual(Number(before['ageSeconds']));
  const { status, body } = await runOn(runner, {
    language: 'bash',
    code: 'cat note; kill -0 $(cat pid) && echo lives',
  });
  expect([status, body['stdout']]).toEqual([200, 'kept\nlives\n']);
  await until('a full pool beside it', async () => (await names()).length === 3);
  expect(new Set(await names()).size).toBe(3);
  expect((await guestsOf(home)).length).toBe(3);
});

test('a run under way goes on while no server runs, and ends with its true result', async () => {
  const runner = await create();
  const code = 'for i in 1 2 3 4 5 6; do echo out $i; echo err $i >&2; sleep 1; done; exit 7';
  const lost = runOn(runner, { language: 'bash', code }).catch(() => undefined);
  const findRun = async () => {
    const { body } = await server.request(`/api/v1/runner/${runner}/runs/run-1`);
    return body;
  };
  await until('some output', async () => Number((await findRun())['outputBytes']) > 0);
  await restart('SIGKILL');
  await lost;
  await until('the end of the run', async () => (await findRun())['state'] === 'ended');
  const { exitCode, output } = await findRun();
  const lines = [1, 2, 3, 4, 5, 6].map((i) => `out ${i}\nerr ${i}\n`);
  expect([exitCode, Buffer.from(String(output), 'base64').toString()]).toEqual([7, lines.join('')]);
  // Once more: what is over is not forgotten.
  await restart('SIGKILL');
  await until('the output again', async () => Number((await findRun())['outputBytes']) > 0);
  expect(await findRun()).toMatchObject({ state: 'ended', exitCode: 7, output });
});

test('a start that fails ends no runner', async () => {
  const runner = await create({ language: 'bash', code: 'echo kept > note' });
  server.child.kill('SIGKILL');
  await server.ended;
  using taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const failing = ServerProcess.spawn(home, { CODELAND_PORT: String(taken.port) });
  expect(await failing.ended).toBe(1);
  server = await ServerProcess.start(home);
  expect((await runOn(runner, { language: 'bash', code: 'cat note' })).body['stdout']).toBe('kept\n');
});

test('a server that is told so leaves its runners to the next one, after what runs was answered', async () => {
  await restart('SIGKILL', { CODELAND_ON_STOP: 'keep' });
  const runner = await create({ language: 'bash', code: 'echo kept > note' });
  const answer = runOn(runner, { language: 'bash', code: 'sleep 2; echo answered' });
  await until('the run to begin', async () => (await info(runner))['runsUnderWay'] === 1);
  server.child.kill('SIGTERM');
  expect((await answer).body['stdout']).toBe('answered\n');
  expect(await server.ended).toBe(0);
  server = await ServerProcess.start(home);
  const { body } = await runOn(runner, { language: 'bash', code: 'cat note' });
  expect(body['stdout']).toBe('kept\n');
  expect(await server.stop()).toBe(0);
  expect(await guestsOf(home)).toEqual([]);
});
