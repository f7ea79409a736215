import { afterAll, describe, expect, test } from 'bun:test';
import { serverTiming } from '../../../src/http/receipt.ts';
import { exitReport } from '../../support/agent-messages.ts';
import { bodyOf, rawRequest, statusOf } from '../../support/raw-http.ts';
import { serverTimesOf } from '../../support/server-timing.ts';
import { BASES, KEY, TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.faults).toEqual([]);
});

const [{ runners: list, run }] = BASES;
const code = '{"code":"x"}';

describe('X-Request-Id', () => {
  const idOf = async (path: string, init: RequestInit = {}) =>
    (await api.request(path, init)).headers.get('x-request-id');

  test('is on every answer, and another one each time', async () => {
    const wrongKey = { headers: { authorization: 'Bearer x' } };
    const ids = await Promise.all([
      idOf('/healthz'),
      idOf(list),
      idOf(list, wrongKey),
      idOf('/nowhere'),
      idOf(run, { method: 'POST', body: code }),
      idOf(run, { method: 'POST', body: 'no JSON' }),
      idOf(`${list}?detail=x`),
    ]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(['a', 'A-b_c.9', 'x'.repeat(128)])('is the one of the request: %j', async (id) => {
    expect(await idOf(list, { headers: { 'x-request-id': id } })).toBe(id);
  });

  test.each(['', 'a b', 'a/b', 'é', 'a"b', 'x'.repeat(129)])('is no such one: %j', async (id) => {
    expect(await idOf(list, { headers: { 'x-request-id': id } })).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is the one in the log, beside the key and without the secret', async () => {
    await api.request(list, { headers: { 'x-request-id': 'to-be-logged' } });
    while (!api.logged.some(({ id }) => id === 'to-be-logged')) await api.request('/healthz');
    const line = api.logged.find(({ id }) => id === 'to-be-logged');
    expect(line).toMatchObject({ method: 'GET', status: 200, key: 'environment', failure: undefined });
    expect(JSON.stringify(api.logged)).not.toContain(KEY);
  });
});

describe('RateLimit-*', () => {
  const rateOf = (headers: Headers) =>
    ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));

  test('tells a key with a limit how much is left, on every answer, and 429 when nothing is', async () => {
    const secret = 'a-key-with-a-rate-012345';
    api.addKey(secret, { requestsPerMinute: 4 });
    const headers = { authorization: `Bearer ${secret}` };
    const answers = [
      await api.request(list, { headers }),
      await api.request('/nowhere', { headers }),
      await api.request(`${list}?x`, { headers }),
      await api.post(run, 'no JSON', headers),
      await api.request(list, { headers }),
      await api.post(run, code, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 422, 422, 429, 429]);
    const reset = expect.stringMatching(/^[1-9]\d*$/);
    expect(answers.map(({ headers }) => rateOf(headers))).toEqual(
      ['3', '2', '1', '0', '0', '0'].map((remaining) => ['4', remaining, reset]),
    );
    for (const { headers, body } of answers.slice(4)) {
      expect(headers.get('retry-after')).toEqual(headers.get('ratelimit-reset'));
      expect(body).toEqual({ name: 'tooManyRequests', message: expect.any(String) });
    }
  });

  test('says nothing to a key without a limit', async () => {
    expect(rateOf((await api.request(list)).headers)).toEqual([null, null, null]);
  });
});

describe('Server-Timing', () => {
  test('has the stages of a run, also of one that took too long', async () => {
    await using own = new TestApi();
    for (const timedOut of [false, true]) {
      const guest = await own.guest();
      guest.onRun = async ({ id }) => exitReport(id, { timedOut });
      const { status, headers, body } = await own.run(code);
      expect(status).toBe(timedOut ? 498 : 200);
      const times = serverTimesOf(headers);
      const stages = ['auth', 'parse', 'queue', 'take', 'send', 'agent', 'exec', 'reply'];
      expect([...times.keys()]).toEqual([...stages, 'resume', 'guest', 'overhead', 'total']);
      const ms = (name: string) => times.get(name) ?? Number.NaN;
      const sum = stages.reduce((total, stage) => total + ms(stage), 0);
      expect(sum).toBeCloseTo(ms('total'), 1);
      expect(ms('overhead')).toBeCloseTo(ms('total') - ms('guest') - ms('queue'), 2);
      expect(ms('guest')).toBeCloseTo(ms('agent') + ms('exec'), 2);
      const { receipt } = Object(body);
      expect(ms('total')).toBeGreaterThanOrEqual(receipt.totalMs);
    }
  });

  test('has what it took to write down an idempotency key', async () => {
    await using own = new TestApi();
    await own.guest();
    const { headers } = await own.run(code, '', { 'idempotency-key': 'one' });
    expect(serverTimesOf(headers).get('key')).toBeGreaterThan(0);
  });

  test('leaves out what was not', () => {
    const stages = [['take', 0.12345] as const, ['agent', 1.5] as const];
    const times = { stages, resumeMs: null, guestMs: 1.5, overheadMs: 0.5, totalMs: 2 };
    expect(serverTiming(times)).toBe(
      'take;dur=0.123, agent;dur=1.5, guest;dur=1.5, overhead;dur=0.5, total;dur=2',
    );
  });

  test('is not on an answer without a run', async () => {
    expect((await api.run(code)).headers.get('server-timing')).toBeNull();
  });
});

describe('a large header', () => {
  const withHeader = (path: string, bytes: number) =>
    rawRequest(
      api.port,
      `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${KEY}\r\nX-Large: ${'x'.repeat(bytes)}\r\n\r\n`,
    );

  test('passes up to a limit', async () => {
    expect(statusOf(await withHeader(list, 15_000))).toBe(200);
  });

  test.each([16_384, 100_000, 1_000_000])(
    'is refused in the shape of all errors: %d bytes',
    async (bytes) => {
      for (const path of [list, '/healthz', '/nowhere']) {
        const answer = await withHeader(path, bytes);
        expect(statusOf(answer)).toBe(422);
        expect(bodyOf(answer)).toMatchObject({ name: 'invalidRequest', details: [{ field: 'header' }] });
      }
    },
  );

  test('is no place to hide a long path in', async () => {
    const answer = await rawRequest(api.port, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(bodyOf(answer)).toMatchObject({ name: 'invalidRequest' });
  });
});
