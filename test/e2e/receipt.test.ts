/** What a run cost: in the body, and as `Server-Timing`. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { BASES } from '../support/bases.ts';
import { type Answer, isRecord } from '../support/http-client.ts';
import { serverTimesOf } from '../support/server-timing.ts';
import { TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const STAGES = ['queue', 'take', 'agent', 'exec', 'total'] as const;
/** Together they are all of the request's time in the server. */
const SERVER_STAGES = ['auth', 'parse', 'key', 'queue', 'take', 'send', 'agent', 'exec', 'reply'] as const;
/** Figures are rounded to a thousandth of a millisecond, each for itself. */
const ROUNDING_MS = 0.01;
const MIB = 2 ** 20;

function receiptOf({ status, body }: Answer): Readonly<Record<string, unknown>> {
  expect(status).toBe(200);
  if (!isRecord(body['receipt'])) throw new Error(`no receipt: ${JSON.stringify(body)}`);
  return body['receipt'];
}

function expectConsistent(answer: Answer, body: string, ran = true): void {
  const receipt = receiptOf(answer);
  const stage = (name: string) => Number(receipt[`${name}Ms`]);
  for (const name of STAGES) {
    if (!ran && receipt[`${name}Ms`] === null) continue;
    expect({ name, ms: receipt[`${name}Ms`] }).toEqual({ name, ms: expect.any(Number) });
    expect(stage(name)).toBeGreaterThanOrEqual(0);
  }
  const parts = stage('queue') + stage('take') + stage('agent') + stage('exec');
  expect(parts).toBeLessThanOrEqual(stage('total') + STAGES.length * ROUNDING_MS);
  expect(receipt['bytesIn']).toBe(Buffer.byteLength(body));
  expectSameInHeader(answer, stage, ran);
  const printed = Buffer.byteLength(String(answer.body['stdout']) + String(answer.body['stderr']));
  expect(receipt['bytesOut']).toBe(printed);
}

/** The header tells of the request as a whole, of which the run is a part. */
function expectSameInHeader({ headers }: Answer, ofRun: (stage: string) => number, ran: boolean): void {
  const times = serverTimesOf(headers);
  const ms = (name: string) => times.get(name) ?? 0;
  const sum = SERVER_STAGES.reduce((total, name) => total + ms(name), 0);
  expect(Math.abs(sum - ms('total'))).toBeLessThan(SERVER_STAGES.length * ROUNDING_MS);
  expect(Math.abs(ms('overhead') + ms('guest') + ms('queue') - ms('total'))).toBeLessThan(4 * ROUNDING_MS);
  expect(times.has('exec')).toBe(ran);
  for (const name of ['queue', ...(ran ? ['exec'] : [])]) {
    expect(Math.abs(ms(name) - ofRun(name))).toBeLessThan(ROUNDING_MS);
  }
  expect(ms('total')).toBeGreaterThanOrEqual(ofRun('total'));
  expect(ms('guest')).toBeLessThanOrEqual(ofRun('agent') + ofRun('exec') + 2 * ROUNDING_MS);
}

const PROGRAM = JSON.stringify({
  code: "console.log('wörds'); console.error('ü'); for (const end = Date.now() + 300; Date.now() < end; );",
  stdin: 'é',
});

describe.each(BASES)('the receipt below $name', (base) => {
  it('of a throw-away run', async () => {
    await service.ready();
    const answer = await service.request(base.run, { body: PROGRAM });
    expectConsistent(answer, PROGRAM);
    const receipt = receiptOf(answer);
    expect(Number(receipt['execMs'])).toBeGreaterThan(250);
    expect(Number(receipt['cpuMs'])).toBeGreaterThan(0);
    expect(Number(receipt['peakMemoryBytes'])).toBeGreaterThan(MIB);
    expect(Number(receipt['totalMs'])).toBeCloseTo(Number(answer.body['duration']), 0);
  });

  it('of a creation, and of a run on what was created', async () => {
    await service.ready();
    const created = await service.request(base.create, { body: PROGRAM });
    expectConsistent(created, PROGRAM);
    const runner = String(created.body['runner']);
    const ran = await service.request(base.runOn(runner), { body: PROGRAM });
    expectConsistent(ran, PROGRAM);
    expect(receiptOf(ran)['queueMs']).toBe(0);
    await service.remove(runner);
  });
});

describe('the receipt', () => {
  it('of a creation without code has no run in it', async () => {
    await service.ready();
    const answer = await service.request('/api/v1/runner/new', { body: '{}' });
    expectConsistent(answer, '{}', false);
    expect(receiptOf(answer)).toMatchObject({
      execMs: null,
      cpuMs: null,
      peakMemoryBytes: null,
      bytesOut: 0,
    });
    await service.remove(String(answer.body['runner']));
  });

  it('tells memory and CPU of different programs apart', async () => {
    const runner = await service.create();
    const of = async (code: string) => receiptOf(await service.runOn(runner, { language: 'python', code }));
    const idle = await of('import time; time.sleep(0.5)');
    const busy = await of('import time\nend = time.time() + 0.5\nwhile time.time() < end: pass');
    const large = await of('data = bytearray(b"x") * (40 << 20)');
    expect(Number(busy['cpuMs'])).toBeGreaterThan(Number(idle['cpuMs']));
    expect(Number(large['peakMemoryBytes']) - Number(idle['peakMemoryBytes'])).toBeGreaterThan(30 * MIB);
    await service.remove(runner);
  });

  it('of a run that waited has its time in the queue', async () => {
    await service.ready(2);
    const answers = await Promise.all([1, 2, 3].map(() => service.post('{"code": ""}', '?wait=60')));
    const waits = answers.map((answer) => Number(receiptOf(answer)['queueMs'])).toSorted((a, b) => a - b);
    expect(waits[0]).toBe(0);
    expect(waits[2]).toBeGreaterThan(0);
    for (const answer of answers) expectConsistent(answer, '{"code": ""}');
  });
});

describe('every answer', () => {
  it('has an id, the one that was given if there was one', async () => {
    const list = await service.request('/api/v1/runner');
    expect(list.headers.get('x-request-id')).toMatch(/\S{8,}/);
    const given = await service.request('/codeland/run', { headers: { 'x-request-id': 'mine-1' } });
    expect(given.headers.get('x-request-id')).toBe('mine-1');
    const failed = await service.request('/api/v1/runner/runner-999999', {
      headers: { 'x-request-id': 'mine-2' },
    });
    expect(failed.headers.get('x-request-id')).toBe('mine-2');
    const denied = await service.as(undefined)('/api/v1/runner', { headers: { 'x-request-id': 'mine-3' } });
    expect(denied.headers.get('x-request-id')).toBe('mine-3');
  });
});
