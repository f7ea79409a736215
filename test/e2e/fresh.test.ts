/** Fifty runs in a row: each on a guest that nobody used before. */
import { afterAll, beforeAll, expect, it } from 'bun:test';
import { listFolder } from '../../src/lib/files.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const RUNS = 50;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '3' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

/** Leaves a mark wherever a program may write, and tells whether one was there. */
const CODE = `
found=0
for place in . /tmp /dev/shm /var/tmp; do
  for mark in "$place"/mark-*; do [ -e "$mark" ] && found=1; done
  touch "$place/mark-$RANDOM" 2>/dev/null
done
pgrep -f left-behind >/dev/null && found=1
(exec -a left-behind sleep 1000) &
echo "$found $(hostname)"`;

it(`${RUNS} runs never see what another left`, async () => {
  const runners = new Set<unknown>();
  for (let index = 0; index < RUNS; index++) {
    const { status, body } = await service.run({ code: CODE, language: 'bash' });
    expect(status).toBe(200);
    expect(body['stdout']).toBe(`0 ${String(body['runner'])}\n`);
    runners.add(body['runner']);
  }
  expect(runners.size).toBe(RUNS);
}, 600_000);

it('keeps nothing of a used guest on the host', async () => {
  await service.ready(3);
  // The successor of a guest may be ready before that one is gone.
  await until('the used guests to be gone', () => {
    const { leased, retiring } = service.pool.counts;
    return leased + retiring === 0;
  });
  const names = (await service.list()).map(({ name }) => String(name));
  const folders = await listFolder(`${service.home.path}/guests`);
  // The one that they are forked from stays.
  expect(folders.filter((name) => !name.startsWith('parent-'))).toEqual(names.sort());
  expect(folders.length).toBeLessThanOrEqual(names.length + 1);
});
