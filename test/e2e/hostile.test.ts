/** Programs that misbehave on purpose: each ends in a clear answer and hurts nobody else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'bun:test';
import { TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2', CODELAND_OUTPUT_LIMIT_BYTES: '65536' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());
afterEach(async () => {
  const { status, body } = await service.run({ code: 'print("still here")', language: 'python' });
  expect({ status, stdout: body['stdout'] }).toEqual({ status: 200, stdout: 'still here\n' });
});

describe('a program that', () => {
  it('prints without end', async () => {
    const { status, body } = await service.run({ code: 'yes', language: 'bash' }, '?time=3');
    expect(status).toBe(498);
    expect(body['truncated']).toBe(true);
    expect(String(body['stdout'])).toHaveLength(65_536);
  });

  it('prints more than is kept, and ends', async () => {
    const code = "process.stdout.write('x'.repeat(200_000)); console.error('the end');";
    const { status, body } = await service.run({ code });
    expect(status).toBe(200);
    expect(body).toMatchObject({ truncated: true, exitCode: 0 });
  });

  it('forks without end', async () => {
    const { status } = await service.run(
      { code: 'f() { f | f & }; f; wait; sleep 60', language: 'bash' },
      '?time=4',
    );
    expect(status).toBe(498);
  }, 60_000);

  it('eats all memory', async () => {
    const code = 'data = []\nwhile True: data.append(bytearray(8 << 20))';
    const { status, body } = await service.run({ code, language: 'python' }, '?time=30');
    expect(status).toBe(200);
    expect(body).toMatchObject({ exitCode: null, signal: 'SIGKILL', outOfMemory: true });
  }, 60_000);

  it('fills the disk', async () => {
    const code = 'dd if=/dev/zero of=fill bs=1M 2>&1 | grep -o "No space left on device"; ls -l fill | wc -l';
    const { status, body } = await service.run({ code, language: 'bash' }, '?time=30');
    expect(status).toBe(200);
    expect(body['stdout']).toBe('No space left on device\n1\n');
  }, 60_000);

  it('kills everything it may', async () => {
    const { status, body } = await service.run({
      code: 'kill -9 -1; kill -9 1; echo alive',
      language: 'bash',
    });
    expect([200, 400]).toContain(status);
    expect(body['runner']).toBeString();
  });

  it('closes its output and hangs', async () => {
    const { status } = await service.run({ code: 'exec >&- 2>&-; sleep 60', language: 'bash' }, '?time=2');
    expect(status).toBe(498);
  });

  it('leaves a background process that holds its output', async () => {
    const { status, body } = await service.run(
      { code: 'sleep 60 & echo done', language: 'bash' },
      '?time=20',
    );
    expect(status).toBe(200);
    expect(body['stdout']).toBe('done\n');
  });

  it('may not become root', async () => {
    const code = 'id -u; grep -E "NoNewPrivs|CapEff" /proc/self/status; cat /etc/shadow 2>&1 | head -1';
    const { body } = await service.run({ code, language: 'bash' });
    expect(body['stdout']).toBe(
      '1000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\ncat: /etc/shadow: Permission denied\n',
    );
  });
});
