import { afterAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Answer, TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  expect((await api.request('/healthz')).body).toEqual({ status: 'ok' });
  await api[Symbol.asyncDispose]();
});

const settings = { numRuns: 150 };

/** Each status that a request without a ready guest may get, and the name of its error. */
const NAMES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  413: 'payloadTooLarge',
  422: 'invalidRequest',
  503: 'RunnerNotAvailable',
};

function expectFailure({ status, body }: Answer): void {
  expect(Object.keys(NAMES)).toContain(String(status));
  expect(body).toMatchObject({ name: NAMES[status], message: expect.any(String) });
  const known = ['name', 'message', 'runner', 'duration', 'details'];
  expect(Object.keys(Object(body)).filter((key) => !known.includes(key))).toEqual([]);
  expect(api.faults).toEqual([]);
}

const word = fc.string({
  unit: fc.constantFrom('a', 'A', '/', '.', '\n', '\0', '=', '_', '1', '🐎'),
  maxLength: 8,
});
/** Objects that come close to what is asked for. */
const almost = fc.record(
  {
    code: fc.oneof(fc.string(), fc.jsonValue()),
    language: fc.oneof(fc.constantFrom('javascript', 'py', 'sh', 'x'), fc.jsonValue()),
    stdin: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    args: fc.oneof(fc.array(word), fc.jsonValue()),
    env: fc.oneof(fc.dictionary(word, word), fc.jsonValue()),
    files: fc.oneof(fc.dictionary(word, word), fc.jsonValue()),
    [`__proto__`]: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

describe('whatever is sent, the answer is an error of the known shape and never a fault of the server', () => {
  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), almost), async (value) => {
        expectFailure(await api.run(JSON.stringify(value)));
      }),
      settings,
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expectFailure(await api.run(new Uint8Array(bytes)));
      }),
      settings,
    );
  });

  test('any time', async () => {
    const time = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
      fc.double().map(String),
      fc.integer().map(String),
      fc.stringMatching(/^[%0-9a-fx.&=;[\]{}+_ -]{0,12}$/),
    );
    await fc.assert(
      fc.asyncProperty(time, async (value) => {
        expectFailure(await api.run('{"code":"x"}', `?time=${value}`));
      }),
      settings,
    );
  });

  test('any authorization', async () => {
    const header = fc.string({ unit: fc.constantFrom('Bearer', ' ', 'a', '\t', '=', 'é', ',') });
    await fc.assert(
      fc.asyncProperty(header, async (authorization) => {
        const answer = await api.run('{"code":"x"}', '', { authorization });
        expectFailure(answer);
        expect(answer.status).toBe(401);
      }),
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
      fc.asyncProperty(type, fc.oneof(fc.jsonValue(), almost), async (contentType, value) => {
        expectFailure(await api.run(JSON.stringify(value), '', { 'content-type': contentType }));
      }),
      settings,
    );
  });
});
