import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { type Answer, BASES, KEY, TestApi } from '../../support/test-api.ts';
import { until } from '../../support/until.ts';

const code = '{"code":"x"}';
const once = { 'idempotency-key': 'once' };

const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed');

/** An API with a runner that stays, whose runs end at once, and one ready guest. */
async function withRunner() {
  const api = new TestApi();
  const guest = await api.guest();
  await api.post(BASES[0].create, '{}');
  const ready = await api.guest();
  return { api, guest, ready, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

describe.each(BASES)('under one Idempotency-Key, document $document', ({ run, create }) => {
  test.each(['run once', 'make', 'run'])('executes one request to %s', async (what) => {
    await using own = await withRunner();
    const { api, guest, ready } = own;
    const path = what === 'run' ? `${run}/${guest.name}` : what === 'make' ? create : run;
    const first = await api.post(path, code, once);
    expect([first.status, replayed(first)]).toEqual([200, null]);
    expect(first.headers.get('server-timing')).not.toBeNull();
    const second = await api.post(path, code, once);
    expect(second.body).toEqual(first.body);
    expect([second.status, replayed(second)]).toEqual([200, 'true']);
    // The times of another request are not this one's.
    expect(second.headers.get('server-timing')).toBeNull();
    expect(guest.requests.length + ready.requests.length).toBe(1);
  });

  test('refuses what is not the same request', async () => {
    await using own = await withRunner();
    const { api, guest } = own;
    const path = `${run}/${guest.name}`;
    await api.post(path, code, once);
    for (const [other, body] of [
      [path, '{"code": "x"}'],
      [path, '{"code":"y"}'],
      [`${path}?time=5`, code],
      [create, code],
      [run, code],
    ] as const) {
      const answer = await api.post(other, body, once);
      expect([answer.status, answer.body]).toMatchObject([
        422,
        { name: 'invalidRequest', details: [{ field: 'header.idempotency-key' }] },
      ]);
      expect(replayed(answer)).toBeNull();
    }
    expect(guest.requests).toHaveLength(1);
  });

  test('lets a refused request be tried again', async () => {
    await using api = new TestApi();
    expect((await api.post(run, code, once)).status).toBe(503);
    await api.guest();
    const answer = await api.post(run, code, once);
    expect([answer.status, replayed(answer)]).toEqual([200, null]);
  });

  test('gives a failure of the run again', async () => {
    await using own = await withRunner();
    const { api, guest } = own;
    guest.onRun = async ({ id }, onOutput) => {
      onOutput('stdout', new TextEncoder().encode('so far'));
      return exitReport(id, { timedOut: true });
    };
    const path = `${run}/${guest.name}`;
    const first = await api.post(path, code, once);
    expect([first.status, replayed(first)]).toEqual([498, null]);
    const second = await api.post(path, code, once);
    expect(second.body).toEqual(first.body);
    expect([second.status, replayed(second)]).toEqual([498, 'true']);
    expect(second.headers.get('server-timing')).toBeNull();
    expect(guest.requests).toHaveLength(1);
  });

  test('gives the loss of a runner again', async () => {
    await using own = await withRunner();
    const { api, ready } = own;
    ready.onRun = () => Promise.reject(new Error('lost'));
    const first = await api.post(run, code, once);
    expect([first.status, first.body]).toMatchObject([400, { name: 'runnerExecutionFailed' }]);
    const second = await api.post(run, code, once);
    expect(second.body).toEqual(first.body);
    expect([second.status, replayed(first), replayed(second)]).toEqual([400, null, 'true']);
    expect(ready.requests).toHaveLength(1);
  });

  test('goes on when its client leaves', async () => {
    await using own = await withRunner();
    const { api, guest } = own;
    const end = Promise.withResolvers<void>();
    const leaving = new AbortController();
    guest.onRun = async ({ id }) => {
      leaving.abort();
      await end.promise;
      return exitReport(id, { code: 7 });
    };
    const path = `${run}/${guest.name}`;
    const left = fetch(api.url(path), {
      method: 'POST',
      body: code,
      headers: { authorization: `Bearer ${KEY}`, ...once },
      signal: leaving.signal,
    });
    expect(await left.catch((error: unknown) => error)).toMatchObject({ name: 'AbortError' });
    await until('the log to tell that it left', () =>
      api.logged.some(({ failure }) => failure === 'clientGone'),
    );
    expect(guest.killed).toEqual([]);
    const twin = api.post(path, code, once);
    end.resolve();
    const answer = await twin;
    expect([answer.status, answer.body]).toMatchObject([200, { exitCode: 7 }]);
    expect(replayed(answer)).toBe('true');
    expect(guest.requests).toHaveLength(1);
  });
});

test.each(['', 'a b', 'é', 'x'.repeat(256)])('a malformed key is refused: %j', async (key) => {
  await using api = new TestApi();
  const { status, body } = await api.run(code, '', { 'idempotency-key': key });
  expect([status, body]).toMatchObject([422, { details: [{ field: 'header.idempotency-key' }] }]);
});
