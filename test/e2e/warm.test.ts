/** What a guest that others are forked from runs behind a start. Under KVM nothing is forked, and a pool is warm at once. */
import { afterAll, beforeAll, expect, it } from 'bun:test';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Half a minute of a processor, which other tests may want as well. */
const CORPUS_MS = 300_000;

/** Enough for some to be made before the corpus, some within and some after it. */
const POOL = 8;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: String(POOL), CODELAND_WARM_UP: 'full' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const warming = async (): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(/^codeland_pool_warming (\d)$/m.exec(text)?.[1]);
};

it('is served meanwhile, and guests from before are replaced once it is warm', async () => {
  await service.ready();
  const early = new Set(service.pool.ready);
  const wasWarming = await warming();
  const { status, body } = await service.run({ code: 'print(6 * 7)', language: 'python' });
  expect([status, body['stdout']]).toEqual([200, '42\n']);
  await until('the corpus to have run', async () => (await warming()) === 0, CORPUS_MS);
  await until('no guest but warm ones', () => {
    const { ready } = service.pool;
    return ready.length === POOL && ready.every((entry) => !early.has(entry));
  });
  expect(wasWarming).toBe(1);
  expect((await service.run({ code: 'console.log(6 * 7)' })).body['stdout']).toBe('42\n');
}, 600_000);
