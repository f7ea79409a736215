/** A server as its operator sees it: logs, metrics, health, from a process of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { isRecord } from '../support/http-client.ts';
import { createKey } from '../support/keys.ts';
import { ServerProcess } from '../support/server-process.ts';
import { TEST_KEY, TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

/** Marks that are in code, input, output and keys, and must be in no log line. */
const CODE = 'mark-in-the-code';
const STDIN = 'mark-in-the-input';
const OUTPUT = 'mark-in-the-output';
const FILE = 'mark-in-a-file';
const SECRETS = [CODE, STDIN, OUTPUT, FILE, TEST_KEY];

let home: TestHome;
let server: ServerProcess;
beforeAll(async () => {
  home = await TestHome.create();
  server = await ServerProcess.start(home, { CODELAND_LOG_LEVEL: 'debug' });
}, 600_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

const run = (body: object, id: string, query = '?wait=60') =>
  server.request(`/api/v1/runner/run${query}`, { body, headers: { 'x-request-id': id } });

const PROGRAM = {
  code: `/* ${CODE} */ console.log('${OUTPUT}'.repeat(2)); console.error(await Bun.stdin.text());`,
  stdin: STDIN,
  files: { 'note.txt': FILE },
  env: { MARK: CODE },
  args: [CODE],
};

/** The lines of the log. */
const lines = () =>
  server.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line))
    .filter(isRecord);

/** Log lines that have the request's id. */
const about = (id: string) => lines().filter((line) => JSON.stringify(line).includes(id));

describe('the log', () => {
  it('has a JSON line for each request, with its id, and nothing of what was sent or printed', async () => {
    expect((await run(PROGRAM, 'request-that-works')).status).toBe(200);
    expect((await run({ ...PROGRAM, code: `throw '${CODE}'` }, 'request-that-throws')).status).toBe(200);
    expect((await run({ ...PROGRAM, language: CODE }, 'request-that-is-wrong')).status).toBe(422);
    expect((await run({ ...PROGRAM, [FILE]: 1 }, 'request-with-more')).status).toBe(422);
    expect((await run({ code: `for (;;) '${CODE}';` }, 'request-too-long', '?time=1&wait=60')).status).toBe(
      498,
    );
    const broken = `{"code": "${CODE}`;
    const answer = await server.request('/api/v1/runner/run', {
      body: broken,
      headers: { 'x-request-id': 'request-broken', 'idempotency-key': OUTPUT },
    });
    expect(answer.status).toBe(422);
    for (const id of [
      'request-that-works',
      'request-that-throws',
      'request-that-is-wrong',
      'request-with-more',
      'request-too-long',
      'request-broken',
    ]) {
      await until(`a line about ${id}`, () => about(id).length > 0);
    }
    const all = server.stdout + server.stderr;
    for (const secret of SECRETS)
      expect({ secret, logged: all.includes(secret) }).toEqual({ secret, logged: false });
  }, 120_000);

  it('says how a request ended', async () => {
    await run({ code: '' }, 'request-to-log');
    await until('its line', () => about('request-to-log').length > 0);
    const [line] = about('request-to-log');
    const text = JSON.stringify(line);
    expect(text).toContain('200');
    expect(text).toContain('POST');
    expect(text).toContain('/api/v1/runner/run');
    expect(text).toMatch(/runner-\d+/);
  });

  it('is JSON from its first line to its last', () => {
    expect(server.stdout.split('\n').filter((line) => !/^({.*})?$/.test(line))).toEqual([]);
    expect(lines().length).toBeGreaterThan(5);
    for (const line of lines()) expect(line).toMatchObject({ level: expect.anything() });
  });

  it('holds no key that was made', async () => {
    const { key } = await createKey(home, 'logged');
    const status = await fetch(`${server.url}/api/v1/runner`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(status.ok).toBeTrue();
    await status.body?.cancel();
    expect(server.stdout + server.stderr).not.toContain(key);
  });
});

describe('the metrics', () => {
  const metrics = async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toStartWith('text/plain');
    return response.text();
  };

  it('are text that Prometheus reads', async () => {
    const text = await metrics();
    const line = /^(#.*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_]\w*="([^"\\]|\\.)*",?)*\})? (\S+)( \d+)?)?$/;
    expect(text.split('\n').filter((each) => !line.test(each))).toEqual([]);
    for (const word of ['pool', 'restore', 'memory', 'duration|seconds']) {
      expect(text).toMatch(new RegExp(`^# TYPE \\w*(${word})`, 'm'));
    }
    expect(text).toMatch(/^# TYPE \w+ histogram$/m);
  });

  it('count runs and failures by their reason', async () => {
    const failed = async () => {
      const counted = (await metrics()).split('\n').filter((line) => line.includes('"runnerTimedOut"'));
      return counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const before = await failed();
    expect((await run({ code: 'for (;;);' }, 'metered', '?time=1&wait=60')).status).toBe(498);
    expect(await failed()).toBeGreaterThan(before);
  }, 120_000);

  it('hold nothing of what was sent', async () => {
    const text = await metrics();
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/runner-\d+/);
  });
});

describe('health', () => {
  it('is ready while a guest is', async () => {
    await until('a guest', async () => (await fetch(`${server.url}/readyz`)).status === 200);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('is alive but not ready when guests cannot be restored', async () => {
    await using other = await TestHome.create();
    await using poor = ServerProcess.spawn(other, { CODELAND_MEMORY_RESERVE_MIB: String(1 << 20) });
    const url = await poor.listening();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect(await poor.stop()).toBe(0);
  });
});
