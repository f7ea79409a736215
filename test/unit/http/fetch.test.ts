import { afterAll, describe, expect, test } from 'bun:test';
import { BASES, KEY, TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.faults).toEqual([]);
});

/** Answered by the app itself, without a server or its router. */
async function ask(path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${KEY}` };
  const response = await api.app.fetch(new Request(`http://edge.example${path}`, { headers, ...init }));
  const body: unknown = await response.json();
  return { status: response.status, headers: response.headers, body };
}

describe.each(BASES)('the app is a fetch handler: document $document', ({ run, create, runners }) => {
  test('makes a runner, runs on it, shows it, lists it and ends it', async () => {
    const guest = await api.guest();
    const made = await ask(create, { method: 'POST', body: '{}' });
    expect([made.status, made.body]).toMatchObject([200, { runner: guest.name }]);
    const ran = await ask(`${run}/${guest.name}?time=5`, { method: 'POST', body: '{"code":"x"}' });
    expect([ran.status, ran.body]).toMatchObject([200, { runner: guest.name }]);
    expect(ran.headers.get('server-timing')).toContain('exec;dur=');
    expect((await ask(`${runners}/${guest.name}`)).body).toMatchObject({ runsDone: 1 });
    expect((await ask(`${runners}?detail`)).body).toMatchObject({ runners: [{ runsDone: 1 }] });
    expect((await ask(`${runners}/${guest.name}`, { method: 'DELETE' })).body).toEqual({ res: 'success' });
  });

  test('refuses as everywhere', async () => {
    expect((await ask(runners, { headers: {} })).status).toBe(401);
    expect((await ask(`${runners}/..%2f`)).body).toMatchObject({ name: 'runnerNotFound' });
    expect((await ask(`${runners}?time=5`)).body).toMatchObject({ details: [{ field: 'query.time' }] });
    const malformed = await ask(`${runners}/%zz`);
    expect([malformed.status, malformed.body]).toMatchObject([
      422,
      { details: [{ field: 'params.runner' }] },
    ]);
    const other = await ask('/nowhere');
    expect([other.status, other.body]).toMatchObject([404, { name: 'notFound' }]);
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
