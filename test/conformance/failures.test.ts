/** Every failure that the documents list, provoked on every route that lists it, on both bases. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import { type Answer, isRecord } from '../support/http-client.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { type ApiDocument, parseDocument, readDocument } from './document.ts';

const FIRST = parseDocument(await readDocument('document-1.md'));
const SECOND = parseDocument(await readDocument('document-2.md'));

/** The name that each status has, as document 1 gives it. */
const NAMES = new Map(
  FIRST.endpoints.flatMap(({ failures }) => failures.map(({ status, name }) => [status, name])),
);

const UNKNOWN = 'runner-999999';
const ENDLESS = { code: 'setInterval(() => {}, 1000);' };
const HELLO = { code: "console.log('hello');" };

function expectFailure({ status, body }: Answer, wanted: number): void {
  expect({ status, name: body['name'] }).toEqual({ status: wanted, name: NAMES.get(wanted) });
  expect(body['message']).toBeString();
  for (const key of Object.keys(body)) expect(KNOWN_FIELDS).toContain(key);
}

const OUTPUT_FIELDS = ['res', 'stdout', 'stderr', 'truncated'];
const KNOWN_FIELDS = ['name', 'message', 'runner', 'run', 'duration', 'details', 'receipt', ...OUTPUT_FIELDS];

describe('the statuses that the documents list', () => {
  const listed = (document: ApiDocument, base: string) =>
    document.endpoints.flatMap(({ method, path, failures }) =>
      failures.map(({ status }) => `${status} ${method} ${base}${path}`),
    );

  /** Cannot arise: no fresh runner is needed to look at one or to delete it, nor any named one to run once. */
  const IMPOSSIBLE = [
    '404 POST /codeland/run',
    '503 DELETE /api/v1/runner/:runner',
    '503 GET /api/v1/runner/:runner',
  ];
  const PROVOKED = [
    '400 POST /api/v1/runner/run',
    '400 POST /codeland/run',
    '404 DELETE /api/v1/runner/:runner',
    '404 DELETE /codeland/run/:runner',
    '404 GET /api/v1/runner/:runner',
    '404 GET /codeland/run/:runner',
    '404 POST /codeland/run/:runner',
    '498 POST /api/v1/runner/run',
    '498 POST /codeland/run',
    '503 POST /api/v1/runner/new',
    '503 POST /api/v1/runner/run',
    '503 POST /codeland/run',
  ];

  it('are those below', () => {
    const all = [...listed(FIRST, ''), ...listed(SECOND, '/codeland')].sort();
    expect(all).toEqual([...IMPOSSIBLE, ...PROVOKED].sort());
    expect([...NAMES.keys()].toSorted((a, b) => a - b)).toEqual([400, 404, 498, 503]);
  });
});

describe('without any fresh runner', () => {
  let service: TestService;
  beforeAll(async () => {
    // More memory must stay free than any host has: nothing is ever restored.
    service = await TestService.start({ CODELAND_MEMORY_RESERVE_MIB: String(1 << 20) });
  }, 600_000);
  afterAll(() => service[Symbol.asyncDispose]());

  describe.each(BASES)('$name', (base) => {
    it('answers 503 to a run', async () => {
      const answer = await service.request(base.run, { body: HELLO });
      expectFailure(answer, 503);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    });

    it('answers 503 to a creation, with code and without', async () => {
      for (const body of [HELLO, {}]) {
        const answer = await service.request(base.create, { body });
        expectFailure(answer, 503);
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      }
    });

    it('needs none to say that there is no such runner', async () => {
      expectFailure(await service.request(base.runner(UNKNOWN)), 404);
      expectFailure(await service.request(base.runner(UNKNOWN), { method: 'DELETE' }), 404);
      expectFailure(await service.request(base.runOn(UNKNOWN), { body: HELLO }), 404);
    });

    it('lists nothing, and the memory', async () => {
      const { status, body } = await service.request(base.list);
      expect(status).toBe(200);
      expect(body['runners']).toEqual([]);
      expect(isRecord(body['memory'])).toBeTrue();
    });
  });
});

describe('with guests', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
  }, 600_000);
  afterAll(() => service[Symbol.asyncDispose]());

  describe.each(BASES)('$name', (base) => {
    it('answers 498 to a run that is too long', async () => {
      await service.ready();
      const body = { language: 'bash', code: "printf 'so far'; sleep 60" };
      const answer = await service.request(`${base.run}?time=2`, { body });
      expectFailure(answer, 498);
      expect(answer.body).toMatchObject({ res: btoa('so far'), stdout: 'so far' });
    });

    it('answers 400 to a run whose guest dies', async () => {
      await service.ready();
      const before = await usedNow(service);
      const answer = service.request(base.run, { body: ENDLESS });
      const runner = await killNewest(service, before);
      expectFailure(await answer, 400);
      expect((await answer).body['runner']).toBe(runner);
    });

    it('answers 404 for a runner that is not there', async () => {
      expectFailure(await service.request(base.runner(UNKNOWN)), 404);
      expectFailure(await service.request(base.runner(UNKNOWN), { method: 'DELETE' }), 404);
      expectFailure(await service.request(base.runOn(UNKNOWN), { body: HELLO }), 404);
    });

    it('answers 404 for a runner that was used once', async () => {
      const { body } = await service.run(HELLO);
      const name = String(body['runner']);
      expectFailure(await service.request(base.runner(name)), 404);
      expectFailure(await service.request(base.runOn(name), { body: HELLO }), 404);
      expectFailure(await service.request(base.runner(name), { method: 'DELETE' }), 404);
    });

    it('answers 498 and 400 to runs on a persistent runner', async () => {
      const runner = await service.create();
      expectFailure(await service.request(`${base.runOn(runner)}?time=1`, { body: ENDLESS }), 498);
      const pid = await service.pidOf(runner);
      const answer = service.request(base.runOn(runner), { body: ENDLESS });
      await service.running(runner);
      process.kill(pid, 'SIGKILL');
      expectFailure(await answer, 400);
      await service.gone(runner);
    });
  });
});

const usedNow = async (service: TestService) =>
  (await service.list()).filter(({ inUse }) => inUse === true).map(({ name }) => String(name));

/** Kills the QEMU of a runner that came into use; gives its name. */
async function killNewest(service: TestService, before: readonly string[]): Promise<string> {
  let name: string | undefined;
  await until('a runner in use', async () => {
    name = (await usedNow(service)).find((each) => !before.includes(each));
    return name !== undefined;
  });
  process.kill(await service.pidOf(String(name)), 'SIGKILL');
  return String(name);
}
