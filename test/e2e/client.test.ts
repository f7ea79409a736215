/** The example program, as its README starts it, against a service with real guests. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TestService } from '../support/service.ts';
import { TEST_KEY } from '../support/test-home.ts';

const GRADER = join(import.meta.dirname, '../../examples/grader');
const BUN = join(import.meta.dirname, '../../node_modules/.bin/bun');

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

async function grade(key: string): Promise<{ status: number | null; output: string; errors: string }> {
  const child = spawn(BUN, ['src/main.ts'], {
    cwd: GRADER,
    env: { ...process.env, CODELAND_URL: service.server.url, CODELAND_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, output, errors };
}

describe('the grader', () => {
  it('grades four languages at once, and leaves no runner behind', async () => {
    const { status, output, errors } = await grade(TEST_KEY);
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(output).toMatch(/^✓ Ada {4}python {6}2\/2 /m);
    expect(output).toMatch(/^✓ Brian {2}bash {8}2\/2 /m);
    expect(output).toMatch(/^✗ Chris {2}javascript {2}1\/2 .*\n {4}case 2: printed "5", not "0"$/m);
    expect(output).toMatch(/^✗ Dana {3}typescript {2}0\/2 .*\n {4}case 1: took longer than \d+ s/m);
    expect(output).toMatch(/A workshop on runner-\d+\n {2}3 marks, the best is 3; \d+\.\d\d MiB in use\n$/);
    expect(service.runners.filter(({ inUse }) => inUse)).toEqual([]);
  }, 300_000);

  it('says what stands in its way', async () => {
    const { status, errors } = await grade('not-the-key-of-the-tests');
    expect(status).toBe(1);
    expect(errors).toContain('unauthorized: ');
  });
});
