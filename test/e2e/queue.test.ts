/** More requests than guests: who waits, who is refused, and what is told about it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import type { Answer } from '../support/http-client.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const QUEUE = 4;
const MOST_GUESTS = 3;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({
    CODELAND_POOL_SIZE: '1',
    CODELAND_MAX_GUESTS: String(MOST_GUESTS),
    // One at a time: guests come in the order of their numbers.
    CODELAND_REFILL_WORKERS: '1',
    CODELAND_QUEUE_LIMIT: String(QUEUE),
    CODELAND_MAX_WAIT_SECONDS: '300',
  });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const ENDLESS = JSON.stringify({ code: 'setInterval(() => {}, 1000)' });
const numberOf = ({ body }: Answer) => Number(/\d+$/.exec(String(body['runner']))?.[0]);

/** Requests that the pool says are waiting. */
const waiting = () => service.pool.counts.waiting;

function expectNotAvailable({ status, headers, body }: Answer): void {
  expect({ status, name: body['name'] }).toEqual({ status: 503, name: 'RunnerNotAvailable' });
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
}

const taken: string[] = [];

/** Takes every guest that there may be, so that the next request finds none until {@link free}. */
async function takeAll(): Promise<void> {
  while (taken.length < MOST_GUESTS) taken.push(await service.create());
}

async function free(): Promise<void> {
  await Promise.all(taken.splice(0).map((runner) => service.remove(runner)));
}
afterEach(free);

describe('requests that wait', () => {
  it('are all answered, first come first served, on both bases', async () => {
    await takeAll();
    const answers: Promise<Answer>[] = [];
    for (let index = 0; index < QUEUE; index += 1) {
      const { run, create } = BASES[index % 2] ?? { run: '', create: '' };
      const path = index < 2 ? run : create;
      answers.push(service.request(`${path}?wait=200`, { body: { code: `console.log(${index})` } }));
      // Sent one after the other: several connections would arrive in any order.
      await until('it to wait', () => waiting() === index + 1);
    }
    await free();
    const done = await Promise.all(answers);
    expect(done.map(({ status, body }) => [status, body['stdout']])).toEqual(
      [0, 1, 2, 3].map((index) => [200, `${index}\n`]),
    );
    const numbers = done.map(numberOf);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    for (const { body } of done.slice(2)) await service.remove(String(body['runner']));
  }, 120_000);

  it('are not overtaken by one that does not wait', async () => {
    await takeAll();
    const first = service.post('{"code": "console.log(1)"}', '?wait=200');
    await until('it to wait', () => waiting() === 1);
    let answered = false;
    void first.then(() => {
      answered = true;
    });
    expectNotAvailable(await service.post('{"code": ""}'));
    const freed = free();
    // Each of these would take the guest that comes next, if they were let.
    while (!answered) {
      const answer = await service.post('{"code": ""}');
      if (!answered && waiting() > 0) expectNotAvailable(answer);
      await Bun.sleep(20);
    }
    await freed;
    expect((await first).status).toBe(200);
  }, 120_000);

  it('may leave, and let the next one through', async () => {
    await takeAll();
    const leave = new AbortController();
    const gone = service.post(ENDLESS, '?wait=200', leave.signal);
    gone.catch(() => {});
    await until('it to wait', () => waiting() === 1);
    const next = service.post('{"code": "console.log(2)"}', '?wait=200');
    await until('both to wait', () => waiting() === 2);
    leave.abort();
    await until('one to leave', () => waiting() < 2);
    await free();
    expect((await next).body['stdout']).toBe('2\n');
    await until('its guest to be free', () => service.pool.counts.leased === 0);
    expect((await service.worker())['queue']).toMatchObject({
      length: 0,
      limit: QUEUE,
      waits: { count: expect.any(Number), meanMs: expect.any(Number), maxMs: expect.any(Number) },
    });
  }, 120_000);
});

describe('a request is refused with 503 and Retry-After', () => {
  it('at once when it may not wait', async () => {
    await takeAll();
    for (const query of ['', '?wait=0']) expectNotAvailable(await service.post('{"code": ""}', query));
  });

  it('when the queue is full', async () => {
    await takeAll();
    const leave = new AbortController();
    const queue = Array.from({ length: QUEUE }, () => service.post(ENDLESS, '?wait=200', leave.signal));
    for (const each of queue) each.catch(() => {});
    await until('the queue to be full', () => waiting() === QUEUE);
    expectNotAvailable(await service.post('{"code": ""}', '?wait=200'));
    for (const base of BASES)
      expectNotAvailable(await service.request(`${base.create}?wait=200`, { body: {} }));
    leave.abort();
    await free();
    await until('the queue to be empty', () => waiting() === 0 && service.pool.counts.leased === 0);
  }, 120_000);
});

describe('with nothing that could ever be handed out', () => {
  let empty: TestService;
  beforeAll(async () => {
    empty = await TestService.start({ CODELAND_MEMORY_RESERVE_MIB: String(1 << 20) });
  }, 600_000);
  afterAll(() => empty[Symbol.asyncDispose]());

  it('a request waits as long as it says, and is refused then', async () => {
    const answer = empty.post('{"code": ""}', '?wait=2');
    await until('it to wait', () => empty.pool.counts.waiting === 1);
    expectNotAvailable(await answer);
    expect(empty.pool.counts.waiting).toBe(0);
  });

  it('the worker tells who waits, and how long others did', async () => {
    const leave = new AbortController();
    const waiters = [1, 2].map(() => empty.post(ENDLESS, '?wait=60', leave.signal));
    for (const waiter of waiters) waiter.catch(() => {});
    await until('both to wait', () => empty.pool.counts.waiting === 2);
    expect((await empty.worker())['queue']).toMatchObject({ length: 2, limit: 100 });
    leave.abort();
    await until('both to leave', () => empty.pool.counts.waiting === 0);
    expect((await empty.worker())['queue']).toMatchObject({ length: 0 });
  });
});

describe('wait', () => {
  it.each(['-1', '301', '1.5', 'x', '', '1e1', '0x1'])('may not be "%s"', async (wait) => {
    for (const { run, create } of BASES) {
      for (const path of [run, create]) {
        const { status, body } = await service.request(`${path}?wait=${wait}`, { body: { code: '' } });
        expect({ status, name: body['name'] }).toEqual({ status: 422, name: 'invalidRequest' });
        expect(body['details']).toEqual([expect.objectContaining({ field: 'query.wait' })]);
      }
    }
  });
});
