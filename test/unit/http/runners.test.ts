import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { BASES, KEY, TestApi } from '../../support/test-api.ts';
import { until } from '../../support/until.ts';

const code = JSON.stringify({ code: 'console.log(1)' });

/** An API with a ready guest, whose runs end at once. */
async function withGuest(): Promise<{ api: TestApi; guest: FakeGuest } & AsyncDisposable> {
  const api = new TestApi();
  const guest = await api.guest();
  guest.onRun = async ({ id }, onOutput) => {
    onOutput('stdout', new TextEncoder().encode(`run ${id}\n`));
    return exitReport(id);
  };
  return { api, guest, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

describe.each(BASES)('document $document', ({ run, create, runners }) => {
  test('runs code once', async () => {
    await using own = await withGuest();
    const { status, body } = await own.api.post(run, code);
    expect(status).toBe(200);
    expect(body).toMatchObject({ stdout: expect.stringMatching(/^run/), runner: own.guest.name });
    await until('the end of its guest', () => own.guest.ends === 1);
  });

  test('makes a runner, runs on it, shows it and ends it', async () => {
    await using own = await withGuest();
    const { api, guest } = own;
    const made = await api.post(create, code);
    expect([made.status, made.body]).toMatchObject([200, { runner: guest.name, exitCode: 0 }]);
    const again = await api.post(`${run}/${guest.name}`, code, { 'x-request-id': 'a' });
    expect([again.status, again.body]).toMatchObject([200, { runner: guest.name }]);
    expect(guest.requests).toHaveLength(2);

    const shown = await api.request(`${runners}/${guest.name}`);
    expect([shown.status, shown.body]).toMatchObject([200, { kind: 'persistent', inUse: true, runsDone: 2 }]);

    const ended = await api.request(`${runners}/${guest.name}`, { method: 'DELETE' });
    expect([ended.status, ended.body]).toEqual([200, { res: 'success' }]);
    expect(guest.ends).toBe(1);
    for (const init of [{}, { method: 'DELETE' }]) {
      const gone = await api.request(`${runners}/${guest.name}`, init);
      expect([gone.status, gone.body]).toMatchObject([404, { name: 'runnerNotFound' }]);
    }
    expect((await api.post(`${run}/${guest.name}`, code)).status).toBe(404);
  });

  test('makes an empty runner for a request without code, and without a body', async () => {
    for (const body of ['{}', null, '{"idleSeconds":60,"maxAgeSeconds":600}']) {
      await using own = await withGuest();
      const { status, body: made } = await own.api.post(create, body);
      expect([status, made]).toMatchObject([
        200,
        { runner: own.guest.name, res: '', exitCode: null, signal: null },
      ]);
      expect(own.guest.requests).toEqual([]);
    }
  });

  test('lists the runners in use and those ready', async () => {
    await using own = await withGuest();
    const ready = await own.api.request(runners);
    expect(ready.body).toMatchObject({ runners: [{ name: own.guest.name, inUse: false, state: 'READY' }] });
    await own.api.post(create, '{}');
    const { body } = await own.api.request(`${runners}?detail`);
    expect(body).toMatchObject({
      memory: { percent: expect.any(Number), total: expect.stringMatching(/^\d+\.\d\d [KMGT]iB$/) },
      runners: [{ name: own.guest.name, inUse: true, state: 'RUNNING', stats: { hostCpuMs: 120 } }],
    });
  });
});

describe('a lifetime', () => {
  test('is what was asked for', async () => {
    await using own = await withGuest();
    await own.api.post(BASES[0].create, '{"idleSeconds":60,"maxAgeSeconds":600}');
    const { body } = await own.api.request(`${BASES[0].runners}/${own.guest.name}`);
    const { idleSecondsLeft, ageSecondsLeft } = Object(body);
    expect(Math.ceil(idleSecondsLeft / 60)).toBe(1);
    expect(Math.ceil(ageSecondsLeft / 600)).toBe(1);
  });

  test.each(['idleSeconds', 'maxAgeSeconds'])('is a whole number within its limits: %s', async (field) => {
    await using api = new TestApi();
    for (const value of [0, -1, 1.5, 86_401, '60', null, true]) {
      const { status, body } = await api.post(BASES[0].create, JSON.stringify({ [field]: value }));
      expect([status, body]).toMatchObject([422, { details: [{ field: `body.${field}` }] }]);
    }
    const { body } = await api.post(BASES[0].run, JSON.stringify({ code: '', [field]: 60 }));
    expect(body).toMatchObject({ details: [{ field: `body.${field}`, expected: 'no such field' }] });
  });
});

describe('a run on a fresh runner', () => {
  test('waits as long as it says for one', async () => {
    await using api = new TestApi();
    api.pool.start();
    const made = api.post(`${BASES[0].create}?wait=60`, '{}');
    await until('a request in the queue', () => api.pool.counts.waiting === 1);
    const guest = await api.template.finish();
    expect(await made).toMatchObject({ status: 200, body: { runner: guest.name } });
  });

  test.each(['61', '-1', '1.5', ''])('refuses to wait for %j', async (wait) => {
    await using api = new TestApi();
    const { status, body } = await api.run(code, `?wait=${wait}`);
    expect([status, body]).toMatchObject([422, { details: [{ field: 'query.wait' }] }]);
  });
});

test('a runner with as many runs as it may have is busy', async () => {
  await using own = await withGuest();
  const { api, guest } = own;
  await api.post(BASES[0].create, '{}');
  const ends: (() => void)[] = [];
  guest.onRun = ({ id }) => new Promise((resolve) => ends.push(() => resolve(exitReport(id))));
  const path = `${BASES[1].run}/${guest.name}`;
  const runs = Array.from({ length: 8 }, () => api.post(path, code));
  await until('eight runs', () => ends.length === 8);
  const busy = await api.post(path, code);
  expect([busy.status, busy.body]).toMatchObject([409, { name: 'runnerBusy', runner: guest.name }]);
  for (const end of ends) end();
  expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(Array(8).fill(200));
});

describe('a key', () => {
  const OTHER = 'another-key-0123456789';
  const other = { authorization: `Bearer ${OTHER}` };

  test('finds no runner of another, and sees no more of it than that it is there', async () => {
    await using own = await withGuest();
    const { api, guest } = own;
    api.addKey(OTHER);
    await api.post(BASES[0].create, '{}');
    for (const { run, runners } of BASES) {
      const path = `${runners}/${guest.name}`;
      const answers = await Promise.all([
        api.request(path, { headers: other }),
        api.request(path, { method: 'DELETE', headers: other }),
        api.post(`${run}/${guest.name}`, code, other),
      ]);
      for (const { status, body } of answers) {
        expect([status, body]).toMatchObject([404, { name: 'runnerNotFound' }]);
      }
      for (const query of ['', '?detail']) {
        const { body } = await api.request(runners + query, { headers: other });
        expect(body).toMatchObject({ runners: [{ name: guest.name, inUse: true }] });
        expect(Object.keys(Object(body).runners[0])).toEqual(['name', 'inUse']);
      }
    }
    expect(guest.ends).toBe(0);
  });

  test('that may not make runners gets 403 and is told how to change it', async () => {
    await using own = await withGuest();
    own.api.addKey(OTHER, { persistentRunners: false });
    for (const { create, run } of BASES) {
      const { status, body } = await own.api.post(create, code, other);
      expect([status, body]).toMatchObject([403, { name: 'forbidden' }]);
      expect(String(Object(body).message)).toContain('--once-only');
      expect((await own.api.post(run, '{}', other)).status).toBe(422);
    }
    expect(own.guest.requests).toEqual([]);
  });

  test('with a limit of runners gets 429 for one more, and may have one after the other', async () => {
    await using own = await withGuest();
    const { api, guest } = own;
    api.addKey(OTHER, { concurrentRunners: 1 });
    await api.post(BASES[0].create, '{}', other);
    const { status, headers, body } = await api.post(BASES[0].run, code, other);
    expect([status, body]).toMatchObject([429, { name: 'tooManyRequests' }]);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await api.request(`${BASES[0].runners}/${guest.name}`, { method: 'DELETE', headers: other });
    expect((await api.post(BASES[0].run, code, other)).status).toBe(503);
  });

  test('whose CPU time is used up runs nothing, but may look', async () => {
    await using own = await withGuest();
    const { api, guest } = own;
    const id = api.addKey(OTHER, { cpuSecondsPerDay: 2 });
    api.access.charge(id, 2_000);
    for (const path of BASES.flatMap(({ run, create }) => [run, create, `${run}/${guest.name}`])) {
      const { status, headers, body } = await api.post(path, code, other);
      expect([status, body]).toMatchObject([429, { name: 'tooManyRequests' }]);
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    expect((await api.request(BASES[0].runners, { headers: other })).status).toBe(200);
    expect(guest.requests).toEqual([]);
    expect((await api.post(BASES[0].run, code, { authorization: `Bearer ${KEY}` })).status).toBe(200);
  });
});
