/** `POST /api/v1/runner/run` over HTTP, on real guests. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

describe('the documented sample', () => {
  it('answers as printed', async () => {
    const { status, body } = await service.run({ code: "console.log('Hello, CodeLand!');" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      res: 'SGVsbG8sIENvZGVMYW5kIQ==',
      exitCode: 0,
      signal: null,
      truncated: false,
    });
    expect(body['stdout']).toBe('Hello, CodeLand!\n');
  });

  it('takes the body as it is printed, whatever its content type', async () => {
    await service.ready();
    const { status, body } = await service.post(
      '{\n  "code": "console.log(\'Hello, CodeLand!\');"\n}',
      '?time=30',
    );
    expect(status).toBe(200);
    expect(body['res']).toBe('SGVsbG8sIENvZGVMYW5kIQ==');
  });
});

describe('a program', () => {
  it('gets stdin, arguments, environment and files', async () => {
    const code = `
      import { readFileSync } from 'node:fs';
      console.log(readFileSync('data/in.txt', 'utf8'), process.argv.slice(2).join('|'), process.env.COLOR);
      console.log(await Bun.stdin.text());`;
    const { body } = await service.run({
      code,
      stdin: 'from stdin',
      args: ['a b', '', 'ü'],
      env: { COLOR: 'blue\nred' },
      files: { 'data/in.txt': 'from a file' },
    });
    expect(body['stderr']).toBe('');
    expect(body['stdout']).toBe('from a file a b||ü blue\nred\nfrom stdin\n');
  });

  it('keeps the order of stdout and stderr', async () => {
    const code = 'for i in 1 2 3 4 5 6 7 8; do echo "out $i"; echo "err $i" >&2; done';
    const { body } = await service.run({ code, language: 'bash' });
    const lines = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => [`out ${n}`, `err ${n}`]);
    expect(Buffer.from(String(body['res']), 'base64').toString()).toBe(lines.join('\n'));
  });

  it('that exits non-zero is an answer, not a failure', async () => {
    const { status, body } = await service.run({ code: 'process.exit(7)' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ exitCode: 7, signal: null, res: '' });
  });

  it('that a signal ends says which', async () => {
    const { status, body } = await service.run({ code: 'kill -SEGV $$', language: 'bash' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ exitCode: null, signal: 'SIGSEGV' });
  });

  it('that runs too long is stopped, and what it printed is kept', async () => {
    const code = "process.stdout.write('so far'); await new Promise(() => setInterval(() => {}, 1000));";
    const { status, body } = await service.run({ code }, '?time=8');
    expect(status).toBe(498);
    expect(body).toMatchObject({ name: 'runnerTimedOut', stdout: 'so far' });
    expect(body['res']).toBe(Buffer.from('so far').toString('base64'));
    expect(body['runner']).toStartWith('runner-');
    expect(body['duration']).toBeNumber();
  });

  it('may be silent for longer than a connection may idle', async () => {
    const { status, body } = await service.run({ code: 'sleep 32; echo awake', language: 'bash' });
    expect(status).toBe(200);
    expect(body['stdout']).toBe('awake\n');
  }, 90_000);
});

describe('the pool', () => {
  it('answers 503 with Retry-After when no guest is ready, and 200 after', async () => {
    await service.ready(2);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => service.post(JSON.stringify({ code: 'console.log(1)' }))),
    );
    const full = answers.filter(({ status }) => status === 200);
    const empty = answers.filter(({ status }) => status === 503);
    expect(full.length).toBeGreaterThanOrEqual(2);
    expect(full.length + empty.length).toBe(6);
    for (const { headers, body } of empty) {
      expect(body['name']).toBe('RunnerNotAvailable');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect((await service.run({ code: 'console.log(2)' })).status).toBe(200);
  });

  it('frees the guest of a client that leaves', async () => {
    await service.ready();
    const leave = new AbortController();
    const gone = service.post(JSON.stringify({ code: 'await new Promise(() => {})' }), '', leave.signal);
    gone.catch(() => {});
    await until('the lease', () => service.pool.counts.leased > 0);
    const pid = await service.pidOf(await usedNow());
    leave.abort();
    await expect(gone).rejects.toThrow();
    await until('the guest to be freed', () => service.pool.counts.leased === 0);
    await until('its process to end', () => !isRunning(pid));
  });

  it('answers 400 when the guest is killed in mid-run, and recovers', async () => {
    await service.ready();
    const answer = service.post(JSON.stringify({ code: 'await new Promise(() => {})' }));
    await until('the lease', () => service.pool.counts.leased > 0);
    const runner = await usedNow();
    process.kill(await service.pidOf(runner), 'SIGKILL');
    const { status, body } = await answer;
    expect(status).toBe(400);
    expect(body).toMatchObject({ name: 'runnerExecutionFailed', runner });
    expect((await service.run({ code: 'console.log(3)' })).body['stdout']).toBe('3\n');
  });

  it('replaces a ready guest that dies', async () => {
    await service.ready(2);
    const runner = String((await service.list())[0]?.['name']);
    process.kill(await service.pidOf(runner), 'SIGKILL');
    await service.gone(runner);
    await service.ready(2);
  });

  it('lists memory and runners', async () => {
    await service.ready(2);
    const { status, body } = await service.request('/api/v1/runner');
    expect(status).toBe(200);
    expect(body['memory']).toMatchObject({ total: expect.stringMatching(/^\d+\.\d\d GiB$/) });
    expect(body['runners']).toContainEqual(
      expect.objectContaining({ name: expect.stringMatching(/^runner-\d+$/), inUse: false }),
    );
  });
});

/** Name of the one runner in use. */
const usedNow = async () => String((await service.list()).find(({ inUse }) => inUse === true)?.['name']);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
