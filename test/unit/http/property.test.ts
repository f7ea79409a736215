import { afterAll, describe, expect, test } from 'bun:test';
import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { runnerForms } from '../../../src/http/runner/forms.ts';
import { bodyOf, rawRequest, statusOf } from '../../support/raw-http.ts';
import { type Answer, BASES, KEY, LIMITS, TestApi } from '../../support/test-api.ts';

/** Its pool has no guest: whatever is right about a request, it gets 503 at most. */
const api = new TestApi();
afterAll(async () => {
  expect((await api.request('/healthz')).body).toEqual({ status: 'ok' });
  expect(api.pool.counts).toMatchObject({ ready: 0, leased: 0, waiting: 0, failed: 0 });
  const guest = await api.guest();
  expect((await api.run('{"code":"x"}')).body).toMatchObject({ runner: guest.name, exitCode: 0 });
  await api[Symbol.asyncDispose]();
});

const settings = { numRuns: 150 };

type Route = { readonly method: string; readonly path: string; readonly answers: Record<number, TSchema> };

const forms = runnerForms(LIMITS);
const posts: Route[] = BASES.flatMap(({ run, create }) => [
  { method: 'POST', path: run, answers: forms.once.response },
  { method: 'POST', path: create, answers: forms.create.response },
  { method: 'POST', path: `${run}/runner-1`, answers: forms.onRunner.response },
]);
const routes: Route[] = [
  ...posts,
  ...BASES.flatMap(({ runners }) => [
    { method: 'GET', path: runners, answers: forms.list.response },
    { method: 'GET', path: `${runners}/runner-1`, answers: forms.info.response },
    { method: 'DELETE', path: `${runners}/runner-1`, answers: forms.remove.response },
  ]),
];

/** The answer is one that the route has in its description, and no fault of the server. */
function expectDescribed({ answers }: Route, { status, headers, body }: Answer): void {
  expect(Object.keys(answers)).toContain(String(status));
  expect(status).not.toBe(500);
  const form = answers[status];
  expect(form && [...Value.Errors(form, body)]).toEqual([]);
  if (status !== 200) {
    const known = ['name', 'message', 'runner', 'duration', 'details'];
    expect(Object.keys(Object(body)).filter((key) => !known.includes(key))).toEqual([]);
  }
  expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(api.faults).toEqual([]);
}

async function expectAllDescribed(
  among: readonly Route[],
  request: (route: Route) => Promise<Answer>,
): Promise<void> {
  const answers = await Promise.all(among.map(async (route) => [route, await request(route)] as const));
  for (const [route, answer] of answers) expectDescribed(route, answer);
}

const word = fc.string({
  unit: fc.constantFrom('a', 'A', '/', '.', '\n', '\0', '=', '_', '1', '🐎'),
  maxLength: 8,
});
const seconds = fc.oneof(fc.integer({ min: -1, max: 90_000 }), fc.jsonValue());
/** Objects that come close to what is asked for. */
const almost = fc.record(
  {
    code: fc.oneof(fc.string(), fc.jsonValue()),
    language: fc.oneof(fc.constantFrom('javascript', 'py', 'sh', 'x'), fc.jsonValue()),
    stdin: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    args: fc.oneof(fc.array(word), fc.jsonValue()),
    env: fc.oneof(fc.dictionary(word, word), fc.jsonValue()),
    files: fc.oneof(fc.dictionary(word, word), fc.jsonValue()),
    idleSeconds: seconds,
    maxAgeSeconds: seconds,
    [`__proto__`]: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(fc.jsonValue(), almost);

const parameter = fc.constantFrom('time', 'wait', 'detail', 'runner', '__proto__', '');
const parameterValue = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom('true', '1', 'false', '0', ''),
  fc.stringMatching(/^[%0-9a-fx.&=;[\]{}+_ -]{0,12}$/),
);
const anyQuery = fc
  .array(fc.tuple(parameter, parameterValue), { maxLength: 3 })
  .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`);

describe('whatever is sent, the answer is one of those described and never a fault of the server', () => {
  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, (value) =>
        expectAllDescribed(posts, ({ path }) => api.post(path, JSON.stringify(value))),
      ),
      settings,
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), (bytes) =>
        expectAllDescribed(posts, ({ path }) => api.post(path, new Uint8Array(bytes))),
      ),
      settings,
    );
  });

  test('any query', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, (query) =>
        expectAllDescribed(routes, ({ method, path }) =>
          api.request(path + query, { method, ...(method === 'POST' && { body: '{"code":"x"}' }) }),
        ),
      ),
      settings,
    );
  });

  test('any authorization', async () => {
    const header = fc.string({ unit: fc.constantFrom('Bearer', ' ', 'a', '\t', '=', 'é', ',') });
    await fc.assert(
      fc.asyncProperty(header, (authorization) =>
        expectAllDescribed(routes, async ({ method, path }) => {
          const answer = await api.request(path, { method, headers: { authorization } });
          expect(answer.status).toBe(401);
          return answer;
        }),
      ),
      settings,
    );
  });

  test('any content type', async () => {
    const part = fc.constantFrom(
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/json',
      'text/plain',
      '; boundary=',
      '; charset=utf-16',
      ',',
      'x',
    );
    const type = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(type, anyBody, (contentType, value) =>
        expectAllDescribed(posts, ({ path }) =>
          api.post(path, JSON.stringify(value), { 'content-type': contentType }),
        ),
      ),
      settings,
    );
  });

  test('any header', async () => {
    const name = fc.constantFrom(
      'x-request-id',
      'idempotency-key',
      'accept',
      'cookie',
      'range',
      'expect',
      'x',
    );
    const text = fc.oneof(
      fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,40}$/),
      fc.stringMatching(/^[!-~]{1,20}$/),
      fc.integer({ min: 200, max: 300 }).map((length) => 'k'.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, text, { maxKeys: 3 }), (given) =>
        expectAllDescribed(routes, ({ method, path }) =>
          sendRaw(`${method} ${path}`, given, method === 'POST' ? '{"code":"x"}' : ''),
        ),
      ),
      settings,
    );
  });

  test('any name of a runner', async () => {
    const part = fc.constantFrom(
      ...['runner-1', '..', '.', '/', '%2f', '%2F', '%2e%2e%2f', '%5c', '\\', '%00', '%', '%zz', '%c0%af'],
      ...[
        '%ff',
        '%F0%9F%90%8E',
        '\xf0\x9f',
        ';',
        ':',
        '*',
        '%0d%0a',
        '+',
        '%20',
        '@',
        '?',
        '#',
        'x'.repeat(900),
      ],
    );
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const target = fc.constantFrom(
      ...BASES.flatMap(({ run, runners }) => [`GET ${runners}`, `DELETE ${runners}`, `POST ${run}`]),
    );
    await fc.assert(
      fc.asyncProperty(target, name, async (to, runner) => {
        const { status, body } = await sendRaw(`${to}/${runner}`, {}, '{"code":"x"}');
        // What is left of a name may be the path of the list, of a run, or of the making of a runner.
        expect([200, 404, 422, 503]).toContain(status);
        if (status !== 200)
          expect(body).toMatchObject({ name: expect.any(String), message: expect.any(String) });
        expect(api.faults).toEqual([]);
      }),
      settings,
    );
  });

  test('any method', async () => {
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(method, fc.constantFrom(...routes), async (method, { path }) => {
        const { status, body } = await api.request(path, { method });
        // A runner is made by a request without a body, too.
        expect([200, 404, 422, 503]).toContain(status);
        if (status !== 200)
          expect(body).toMatchObject({ name: expect.any(String), message: expect.any(String) });
        expect(api.faults).toEqual([]);
      }),
      settings,
    );
  });
});

/** A request with the key whose target and header are sent byte by byte as they are given. */
async function sendRaw(
  target: string,
  given: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  const lines = [
    `${target} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${KEY}`,
    `Content-Length: ${body.length}`,
    ...Object.entries(given).map(([name, value]) => `${name}: ${value}`),
  ];
  const answer = await rawRequest(api.port, `${lines.join('\r\n')}\r\n\r\n${body}`);
  const id = /\r\nx-request-id: ([^\r]*)\r\n/i.exec(answer)?.[1];
  return {
    status: statusOf(answer),
    headers: new Headers(id ? { 'x-request-id': id } : {}),
    body: bodyOf(answer),
  };
}
