/** `Idempotency-Key`: one execution and one answer, however often a request is sent. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import type { Answer } from '../support/http-client.ts';
import { createKey } from '../support/keys.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const RANDOM = { code: 'console.log(crypto.randomUUID())' };
const withKey = (key: string) => ({ 'idempotency-key': key });
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true';

describe.each(BASES)('the same request twice below $name', (base) => {
  it('runs once on a throw-away runner', async () => {
    const headers = withKey(`once ${base.name}`.replaceAll(' ', '-'));
    await service.ready();
    const first = await service.request(base.run, { body: RANDOM, headers });
    expect(first.status).toBe(200);
    expect(isReplay(first)).toBeFalse();
    const second = await service.request(base.run, { body: RANDOM, headers });
    expect(second.status).toBe(200);
    expect(isReplay(second)).toBeTrue();
    expect(second.body).toEqual(first.body);
  });

  it('makes one runner', async () => {
    const headers = withKey(`new-${base.name}`);
    await service.ready();
    const first = await service.request(base.create, { body: RANDOM, headers });
    const second = await service.request(base.create, { body: RANDOM, headers });
    expect(isReplay(second)).toBeTrue();
    expect(second.body).toEqual(first.body);
    expect((await service.list()).filter(({ kind }) => kind === 'persistent')).toHaveLength(1);
    await service.remove(String(first.body['runner']));
  });

  it('runs once on a persistent runner', async () => {
    const runner = await service.create();
    const call = {
      body: { language: 'bash', code: 'echo x >> count; wc -l < count' },
      headers: withKey(`run-on-${base.name}`),
    };
    for (const replayed of [false, true, true]) {
      const answer = await service.request(base.runOn(runner), call);
      expect(answer).toMatchObject({ status: 200, body: { stdout: '1\n' } });
      expect(isReplay(answer)).toBe(replayed);
    }
    await service.remove(runner);
  });
});

describe('a key', () => {
  it('belongs to one request: with another body, query, path or method it is 422', async () => {
    const headers = withKey('fixed');
    await service.ready();
    expect((await service.request('/api/v1/runner/run', { body: RANDOM, headers })).status).toBe(200);
    for (const [path, body] of [
      ['/api/v1/runner/run', { code: '1' }],
      ['/api/v1/runner/run?time=9', RANDOM],
      ['/codeland/run', RANDOM],
      ['/api/v1/runner/new', RANDOM],
    ] as const) {
      const { status, body: answer } = await service.request(path, { body, headers });
      expect({ status, name: answer['name'] }).toEqual({ status: 422, name: 'invalidRequest' });
      expect(answer['details']).toEqual([expect.objectContaining({ field: 'header.idempotency-key' })]);
    }
  });

  it('belongs to its owner', async () => {
    const headers = withKey('shared');
    const other = service.as((await createKey(service.home, 'other')).key);
    await service.ready(2);
    const mine = await service.request('/api/v1/runner/run', { body: RANDOM, headers });
    const theirs = await other('/api/v1/runner/run', { body: RANDOM, headers });
    expect(isReplay(theirs)).toBeFalse();
    expect(theirs.body['stdout']).not.toBe(mine.body['stdout']);
  });

  it.each([
    ['blank', 'a b'],
    ['long', 'x'.repeat(256)],
    ['not ASCII', 'schlüssel'],
  ])('may not be %s', async (_, key) => {
    const { status, body } = await service.request('/api/v1/runner/run', {
      body: RANDOM,
      headers: withKey(key),
    });
    expect({ status, name: body['name'] }).toEqual({ status: 422, name: 'invalidRequest' });
    expect(body['details']).toEqual([expect.objectContaining({ field: 'header.idempotency-key' })]);
  });

  it('may be as long as 255', async () => {
    await service.ready();
    const headers = withKey('y'.repeat(255));
    expect((await service.request('/api/v1/runner/run', { body: { code: '' }, headers })).status).toBe(200);
  });
});

describe('twins at the same time', () => {
  it('get the answer of one execution', async () => {
    await service.ready(2);
    const call = { body: RANDOM, headers: withKey('twins') };
    const answers = await Promise.all([1, 2, 3].map(() => service.request('/api/v1/runner/run', call)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body['stdout']).toBe(answers[0]?.body['stdout']);
    }
    expect(answers.filter(isReplay)).toHaveLength(2);
  });
});

describe('a client that leaves', () => {
  it('finds the answer when it comes again, and the code ran once', async () => {
    const runner = await service.create();
    const call = {
      body: {
        language: 'bash',
        code: 'echo x >> count; until [ -e go ]; do sleep 0.05; done; wc -l < count',
      },
      headers: withKey('left'),
    };
    const path = `/api/v1/runner/run/${runner}`;
    const leave = new AbortController();
    const gone = service.request(path, { ...call, signal: leave.signal });
    gone.catch(() => {});
    const isStarted = async () =>
      (await service.runOn(runner, { language: 'bash', code: 'cat count 2>&1' })).body['stdout'] === 'x\n';
    await until('the run to begin', isStarted);
    leave.abort();
    await expect(gone).rejects.toThrow();
    const again = service.request(path, call);
    await service.runOn(runner, { language: 'bash', code: 'touch go' });
    expect(await again).toMatchObject({ status: 200, body: { stdout: '1\n' } });
    expect(isReplay(await again)).toBeTrue();
    await service.remove(runner);
  });
});

describe('failures', () => {
  it('of the execution are answers too: 498', async () => {
    await service.ready();
    const call = { body: { code: 'console.log(Math.random()); for (;;);' }, headers: withKey('too-long') };
    const first = await service.request('/api/v1/runner/run?time=1', call);
    const second = await service.request('/api/v1/runner/run?time=1', call);
    expect(first.status).toBe(498);
    expect(second.status).toBe(498);
    expect(isReplay(second)).toBeTrue();
    expect(second.body).toEqual(first.body);
  });

  it('of the execution are answers too: 400', async () => {
    const runner = await service.create();
    const pid = await service.pidOf(runner);
    const call = { body: { code: 'setInterval(() => {}, 1000)' }, headers: withKey('killed') };
    const first = service.request(`/api/v1/runner/run/${runner}`, call);
    await service.running(runner);
    process.kill(pid, 'SIGKILL');
    expect((await first).status).toBe(400);
    const second = await service.request(`/api/v1/runner/run/${runner}`, call);
    expect(second.status).toBe(400);
    expect(second.body).toEqual((await first).body);
  });

  it('before anything ran leave the key unused: 422, 404', async () => {
    const headers = withKey('corrected');
    const wrong = await service.request('/api/v1/runner/run', { body: { code: 5 }, headers });
    expect(wrong.status).toBe(422);
    const unknown = await service.request('/api/v1/runner/run/runner-999999', { body: RANDOM, headers });
    expect(unknown.status).toBe(404);
    await service.ready();
    const right = await service.request('/api/v1/runner/run', { body: RANDOM, headers });
    expect(right.status).toBe(200);
    expect(isReplay(right)).toBeFalse();
  });
});

describe('a server that starts again', () => {
  it('gives the answers that it gave before', async () => {
    await service.ready();
    const call = { body: RANDOM, headers: withKey('restart') };
    const first = await service.request('/api/v1/runner/run', call);
    expect(first.status).toBe(200);
    await service.restart();
    const second = await service.request('/api/v1/runner/run', call);
    expect(isReplay(second)).toBeTrue();
    expect(second.body).toEqual(first.body);
  }, 120_000);
});
