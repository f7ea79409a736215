/** Keys as their owners meet them: over HTTP, made and revoked by the operator's command. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import type { Answer } from '../support/http-client.ts';
import { createKey, keysCommand, revokeKey } from '../support/keys.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const LIST = '/api/v1/runner';

function expectTooMany({ status, headers, body }: Answer): void {
  expect({ status, name: body['name'] }).toEqual({ status: 429, name: 'tooManyRequests' });
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
}

describe('a request without a known key', () => {
  it.each([
    ['none', undefined],
    ['an unknown one', 'Bearer 0123456789abcdef'],
    ['another scheme', 'Basic YTpi'],
    ['an empty one', 'Bearer '],
    ['two', 'Bearer a b'],
    ['a very long one', `Bearer ${'x'.repeat(8000)}`],
  ])('is answered 401 on every route of both bases: %s', async (_, authorization) => {
    const nobody = service.as(undefined);
    const headers = authorization === undefined ? {} : { authorization };
    for (const base of BASES) {
      for (const answer of [
        await nobody(base.run, { body: { code: '' }, headers }),
        await nobody(base.create, { body: {}, headers }),
        await nobody(base.runOn('runner-1'), { body: { code: '' }, headers }),
        await nobody(base.runner('runner-1'), { headers }),
        await nobody(base.runner('runner-1'), { method: 'DELETE', headers }),
        await nobody(base.list, { headers }),
      ]) {
        expect(answer).toMatchObject({ status: 401, body: { name: 'unauthorized' } });
      }
    }
  });

  it('is answered where no key is needed', async () => {
    await service.ready();
    for (const path of ['/healthz', '/readyz', '/openapi/json']) {
      expect({ path, status: (await service.as(undefined)(path)).status }).toEqual({ path, status: 200 });
    }
  });
});

describe('a key', () => {
  it('works from when it is made until it is revoked by another process', async () => {
    const { id, key } = await createKey(service.home, 'short-lived');
    const client = service.as(key);
    expect((await client(LIST)).status).toBe(200);
    await revokeKey(service.home, id);
    expect((await client(LIST)).status).toBe(401);
    expect((await service.request(LIST)).status).toBe(200);
  });

  it('is nowhere in the data folder as it is', async () => {
    const { key } = await createKey(service.home, 'secret');
    const search = Bun.spawn(['grep', '-rlF', key, service.home.path, '--exclude-dir=images'], {
      stdout: 'pipe',
    });
    expect(await new Response(search.stdout).text()).toBe('');
  });

  it('is listed by name, without its text', async () => {
    const { id, key } = await createKey(service.home, 'listed', '--concurrent-runners', '3');
    const list = await keysCommand(service.home, 'list', '--json');
    expect(list).toContain(id);
    expect(list).toContain('listed');
    expect(list).not.toContain(key);
  });

  it('that is revoked in mid-run does not stop the run', async () => {
    const { id, key } = await createKey(service.home, 'revoked-in-mid-run');
    const client = service.as(key);
    const runner = await service.create({}, client);
    const path = `/api/v1/runner/run/${runner}`;
    const run = client(path, {
      body: { language: 'bash', code: 'until [ -e go ]; do sleep 0.1; done; echo went' },
    });
    await until('the run', async () => (await client(`${LIST}/${runner}`)).body['runsUnderWay'] === 1);
    const release = client(path, { body: { language: 'bash', code: 'sleep 1; touch go' } });
    await until('both runs', async () => (await client(`${LIST}/${runner}`)).body['runsUnderWay'] === 2);
    await revokeKey(service.home, id);
    expect((await run).body['stdout']).toBe('went\n');
    expect((await release).status).toBe(200);
    expect((await client(`${LIST}/${runner}`)).status).toBe(401);
  });
});

describe('requests per minute', () => {
  it('are counted in headers, and refused with 429 when used up', async () => {
    const client = service.as((await createKey(service.home, 'rate', '--requests-per-minute', '3')).key);
    // A window that ends in between begins to count anew: then so do we.
    await until('a window that is long enough', async () => {
      const { headers } = await client(LIST);
      return headers.get('ratelimit-remaining') === '2' && Number(headers.get('ratelimit-reset')) > 5;
    });
    for (const remaining of ['1', '0']) {
      const { status, headers } = await client(LIST);
      expect(status).toBe(200);
      expect(headers.get('ratelimit-limit')).toBe('3');
      expect(headers.get('ratelimit-remaining')).toBe(remaining);
      expect(headers.get('ratelimit-reset')).toMatch(/^\d+$/);
    }
    const refused = await client('/api/v1/runner/run', { body: { code: '' } });
    expectTooMany(refused);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await service.request(LIST)).status).toBe(200);
  });

  it('are not counted for a key without the limit', async () => {
    const { headers } = await service.request(LIST);
    expect(headers.get('ratelimit-limit')).toBeNull();
  });
});

describe('runners at once', () => {
  it('are bounded for one key, and free again when one ends', async () => {
    const client = service.as((await createKey(service.home, 'few', '--concurrent-runners', '1')).key);
    const runner = await service.create({}, client);
    for (const base of BASES) {
      expectTooMany(await client(base.create, { body: {} }));
      expectTooMany(await client(base.run, { body: { code: '' } }));
      expect((await client(base.runOn(runner), { body: { code: '' } })).status).toBe(200);
    }
    expect((await service.run({ code: '' })).status).toBe(200);
    expect((await client(`${LIST}/${runner}`, { method: 'DELETE' })).status).toBe(200);
    await service.ready();
    expect((await client('/api/v1/runner/run', { body: { code: '' } })).status).toBe(200);
  });

  it('are at most so many also when they are asked for at the same time', async () => {
    const client = service.as((await createKey(service.home, 'racing', '--concurrent-runners', '1')).key);
    await service.ready(2);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => client('/api/v1/runner/run', { body: { code: '' } })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429, 429, 429]);
  });
});

describe('CPU seconds a day', () => {
  it('are used up by a busy loop; then nothing more is run', async () => {
    const client = service.as((await createKey(service.home, 'busy', '--cpu-seconds-per-day', '1')).key);
    await service.ready();
    const { status } = await client('/api/v1/runner/run?time=3', { body: { code: 'for (;;);' } });
    expect(status).toBe(498);
    await service.ready();
    let refused: Answer | undefined;
    await until('the usage to be known', async () => {
      refused = await client('/api/v1/runner/run', { body: { code: '' } });
      if (refused.status === 200) await service.ready();
      return refused.status === 429;
    });
    if (refused) expectTooMany(refused);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    for (const base of BASES) expectTooMany(await client(base.create, { body: {} }));
    expect((await client(LIST)).status).toBe(200);
  });
});

describe('a key for throw-away runners only', () => {
  it('may run once, and not make runners', async () => {
    const client = service.as((await createKey(service.home, 'once', '--once-only')).key);
    await service.ready();
    expect((await client('/api/v1/runner/run', { body: { code: '' } })).status).toBe(200);
    for (const base of BASES) {
      const answer = await client(base.create, { body: {} });
      expect(answer).toMatchObject({ status: 403, body: { name: 'forbidden' } });
    }
  });
});

describe('a key with a network', () => {
  const code = 'import socket\nsocket.create_connection(("203.0.113.7", 80), 5)';

  it('is told by a server that offers none which setting does, and runs without', async () => {
    const client = service.as((await createKey(service.home, 'egress', '--network', 'egress')).key);
    await service.ready();
    for (const base of BASES) {
      for (const path of [base.run, base.create]) {
        for (const body of [{ code: '' }, { code: '', network: 'egress' }]) {
          const { status, body: answer } = await client(path, { body });
          expect({ status, name: answer['name'] }).toEqual({ status: 403, name: 'forbidden' });
          expect(answer['message']).toContain('CODELAND_EGRESS=on');
        }
      }
    }
    const body = { language: 'python', code, network: 'none' };
    const { status, body: result } = await client('/api/v1/runner/run', { body });
    expect({ status, exitCode: result['exitCode'] }).toEqual({ status: 200, exitCode: 1 });
    expect(result['stderr']).toContain('Network is unreachable');
  });
});

describe('a key without a network', () => {
  it('gets none when it asks, and is told which option gives one', async () => {
    const client = service.as((await createKey(service.home, 'none')).key);
    for (const base of BASES) {
      for (const path of [base.run, base.create]) {
        const { status, body } = await client(path, { body: { code: '', network: 'egress' } });
        expect({ status, name: body['name'] }).toEqual({ status: 403, name: 'forbidden' });
        expect(body['message']).toContain('--network egress');
      }
    }
  });

  it('has runners that say so', async () => {
    await service.ready();
    const runner = await service.create({ network: 'none' });
    const { body } = await service.request(`${LIST}/${runner}`);
    expect(body['network']).toMatchObject({
      mode: 'none',
      source: 'guest',
      connections: [],
      names: [],
      isComplete: true,
    });
  });
});
