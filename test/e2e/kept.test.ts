/** Guests of runs that failed, looked at with the operator's command. */
import { expect, test } from 'bun:test';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '../support/http-client.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const CLI = join(import.meta.dirname, '../../src/cli/kept.ts');
const SECRET = 'what the program has written';

const PROGRAM = `
import os, subprocess
open('note.txt', 'w').write('${SECRET}')
subprocess.Popen(['sleep', '1234'])
print('begun', flush=True)
while True: pass
`;

const HOG = 'tail /dev/zero';

test('the guest of a run that timed out can be looked at until it is ended', async () => {
  await using service = await TestService.start({
    CODELAND_POOL_SIZE: '1',
    CODELAND_MAX_GUESTS: '3',
    CODELAND_KEEP_FAILED_MINUTES: '30',
    CODELAND_KEEP_FAILED_MOST: '2',
  });
  const kept = async (...args: string[]) => {
    const env = { ...process.env, ...service.home.environment() };
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { env });
    return stdout;
  };
  const answer = await service.run({ language: 'python', code: PROGRAM }, '?time=1');
  expect(answer.status).toBe(498);
  expect(answer.body).toMatchObject({ name: 'runnerTimedOut' });
  const name = String(answer.body['runner']);

  expect(await kept('list')).toContain(name);
  // It is nobody's any more.
  expect((await service.info(name)).status).toBe(404);

  const processes = await kept('processes', name);
  expect(processes).toContain('sleep 1234');
  const listed: unknown = JSON.parse(await kept('files', name, '--json'));
  const files = isRecord(listed) ? listed['files'] : undefined;
  expect(files).toContainEqual({ path: 'note.txt', bytes: SECRET.length, isRegular: true });
  expect(files).toContainEqual({ path: 'main.py', bytes: PROGRAM.length, isRegular: true });
  expect(files).toHaveLength(2);
  expect(await kept('files', name, 'note.txt')).toBe(SECRET);
  const refused = await kept('files', name, '/etc/shadow').catch((error: unknown) => String(error));
  expect(refused).toContain('Permission denied');

  await kept('end', name);
  const full = String((await service.run({ language: 'bash', code: HOG })).body['runner']);
  await until('the guest that is full', async () => (await kept('list')).includes(full));
  const list = await kept('list');
  expect(list).toContain('the program used up the memory');
  expect(list).not.toContain(name);
  // What the kernel printed is there also when it is read again.
  for (let time = 0; time < 2; time += 1) expect(await kept('console', full)).toContain('Killed process');
  // The look's own program takes the place of none of the run's.
  expect(await kept('files', full)).toMatch(/^ *BYTES {2}PATH\n *14 {2}main[.]sh\n$/);
  expect(service.pool.counts.leased).toBe(1);
}, 300_000);
