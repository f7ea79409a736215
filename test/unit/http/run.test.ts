import { afterAll, describe, expect, test } from 'bun:test';
import { rawRequest, statusOf } from '../../support/raw-http.ts';
import { KEY, LIMITS, TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.faults).toEqual([]);
});

const json = JSON.stringify({ code: 'console.log(1)' });
/** A body of exactly this many bytes. */
const bodyOf = (bytes: number) => JSON.stringify({ code: 'x'.repeat(bytes - '{"code":""}'.length) });

describe('a run without a ready guest', () => {
  test('gets 503 and when to try again', async () => {
    const { status, headers, body } = await api.run(json);
    expect(status).toBe(503);
    expect(body).toEqual({ name: 'RunnerNotAvailable', message: expect.any(String) });
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/octet-stream',
    'nonsense',
    '',
  ])('has read its JSON whatever its content type says: %j', async (type) => {
    expect((await api.run(json, '', { 'content-type': type })).status).toBe(503);
    expect((await api.run('{}', '', { 'content-type': type })).status).toBe(422);
  });

  test.each(['?time=1', '?time=300', ''])('has taken the time %j', async (query) => {
    expect((await api.run(json, query)).status).toBe(503);
  });

  test.each([
    { code: '' },
    { code: 'x', language: 'PYTHON' },
    { code: 'x', language: 'js' },
    {
      code: 'x\0y',
      stdin: '\0',
      args: ['', 'a\nb'],
      env: { _A1: '' },
      files: { 'a/b': '', '.a': '', '...': '' },
    },
    { code: 'x', files: { 'a\nb': 'x', '..a/b..': 'x', 'ž 🐎': 'x' } },
  ])('has taken the body %j', async (body) => {
    expect((await api.run(JSON.stringify(body))).status).toBe(503);
  });
});

describe('a body that is too long', () => {
  test('gets 413 by its length alone', async () => {
    const request = [
      'POST /api/v1/runner/run HTTP/1.1',
      'Host: a',
      `Authorization: Bearer ${KEY}`,
      `Content-Length: ${LIMITS.bodyBytes + 1}`,
    ];
    expect(statusOf(await rawRequest(api.port, `${request.join('\r\n')}\r\n\r\n`))).toBe(413);
  });

  test('gets 413 also when it comes in chunks', async () => {
    const chunk = new Uint8Array(LIMITS.bodyBytes / 8).fill(0x20);
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 9; part += 1) controller.enqueue(chunk);
        controller.close();
      },
    });
    const answer = await api.run(body);
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({ name: 'payloadTooLarge', message: expect.any(String) });
  });

  test('begins one byte after the limit', async () => {
    expect((await api.run(bodyOf(LIMITS.bodyBytes))).status).toBe(503);
    expect((await api.run(bodyOf(LIMITS.bodyBytes + 1))).status).toBe(413);
  });
});

test('a body that breaks off is no fault of the server', async () => {
  await using own = new TestApi();
  const head = `POST /api/v1/runner/run HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${KEY}\r\n`;
  await rawRequest(own.port, `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
  expect((await own.run(json)).status).toBe(503);
  expect(own.faults).toEqual([]);
});
