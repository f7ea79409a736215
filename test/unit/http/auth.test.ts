import { afterAll, describe, expect, test } from 'bun:test';
import { rawRequest, statusOf } from '../../support/raw-http.ts';
import { KEY, TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.faults).toEqual([]);
});

const list = '/api/v1/runner';

describe('a request without the key', () => {
  test.each([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: `Basic ${KEY}` }],
    ['the key alone', { authorization: KEY }],
    ['the scheme alone', { authorization: 'Bearer' }],
    ['an unknown key', { authorization: 'Bearer another-key-0123456789' }],
    ['the beginning of the key', { authorization: `Bearer ${KEY.slice(0, -1)}` }],
    ['more than the key', { authorization: `Bearer ${KEY}x` }],
    ['the key twice', { authorization: `Bearer ${KEY} ${KEY}` }],
    ['the key in another case', { authorization: `Bearer ${KEY.toUpperCase()}` }],
  ])('is refused: %s', async (_, headers) => {
    for (const path of [list, '/api/v1/runner/run', '/nowhere']) {
      const response = await fetch(api.url(path), { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({ name: 'unauthorized', message: expect.any(String) });
    }
  });

  test('is refused before its body is looked at', async () => {
    for (const body of ['not JSON', 'x'.repeat(1 << 20)]) {
      const answer = await api.run(body, '?time=wrong', { authorization: 'Bearer x' });
      expect(answer.status).toBe(401);
    }
  });

  test.each([
    ['none', ''],
    ['an empty one', 'Host:\r\n'],
    ['one that is no host', 'Host: [\r\n'],
    ['one with an open path', 'Host: a/healthz?\r\n'],
    ['one with an open path in brackets', 'Host: [/healthz?\r\n'],
    ['one with an open path as a fragment', 'Host: a/healthz#\r\n'],
  ])('is refused whatever its Host header is: %s', async (_, host) => {
    expect(statusOf(await rawRequest(api.port, `GET ${list} HTTP/1.0\r\n${host}\r\n`))).toBe(401);
  });

  test.each(['//healthz', '/healthz/', '/healthz/x', '/HEALTHZ', `${list}?/healthz`, `${list}#/healthz`])(
    'is refused on a path that only looks open: %s',
    async (path) => {
      const answer = await rawRequest(api.port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(statusOf(answer)).toBe(401);
    },
  );
});

describe('a request with the key', () => {
  test.each([`Bearer ${KEY}`, `bearer ${KEY}`, `Bearer   ${KEY}`])(
    'is answered: %s',
    async (authorization) => {
      expect((await api.request(list, { headers: { authorization } })).status).toBe(200);
    },
  );

  test('gets 404 in the shape of all errors where nothing is', async () => {
    for (const path of ['/', '/nowhere', '/api/v1', '/codeland', '/api/v1/runner/run/a/b']) {
      const answer = await api.request(path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ name: 'notFound', message: expect.any(String) });
    }
  });
});

describe('health', () => {
  test('is open, also to a request without a Host header', async () => {
    const response = await fetch(api.url('/healthz'));
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(await rawRequest(api.port, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.\d 200 /);
  });

  test('tells whether there are guests, ready or in use', async () => {
    await using own = new TestApi();
    const ready = async () => {
      const response = await fetch(own.url('/readyz'));
      return { status: response.status, body: await response.json() };
    };
    const none = { name: 'RunnerNotAvailable', message: expect.any(String) };
    expect(await ready()).toEqual({ status: 503, body: none });
    await own.guest();
    expect(await ready()).toEqual({ status: 200, body: { status: 'ready' } });
    await own.post('/api/v1/runner/new', '{}');
    expect(own.pool.counts.ready).toBe(0);
    expect((await ready()).status).toBe(200);
  });
});
