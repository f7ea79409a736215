/** The runs on a runner that stays, as they are asked for. */
import { describe, expect, test } from 'bun:test';
import { exitReport } from '../../support/agent-messages.ts';
import { holdRuns } from '../../support/fake-runners.ts';
import { TestApi } from '../../support/test-api.ts';
import { until } from '../../support/until.ts';

const BASES = [
  { create: '/api/v1/runner/new', run: '/api/v1/runner/run/runner-1', runs: '/api/v1/runner/runner-1/runs' },
  { create: '/codeland/run/new', run: '/codeland/run/runner-1', runs: '/codeland/run/runner-1/runs' },
];
const [base = { create: '', run: '', runs: '' }] = BASES;
const AT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const CODE = JSON.stringify({ code: '1' });
const fact = (body: unknown, name: string): unknown => Object(body)[name];
const text = (base64: unknown) => Buffer.from(String(base64), 'base64').toString();

describe.each(BASES)('a run at $runs', ({ create, run, runs }) => {
  test('is told of while it runs and after its end, its output from any offset', async () => {
    await using api = new TestApi();
    const guest = await api.guest();
    await api.post(create, '{}');
    const held = holdRuns(guest);
    const answer = api.post(run, CODE);
    await until('the run', () => held.length === 1);
    held[0]?.print('stdout', new TextEncoder().encode('first '));
    const begun = {
      id: 'run-1',
      state: 'running',
      startedAt: AT,
      endedAt: null,
      outputBytes: 6,
      exitCode: null,
      signal: null,
      timedOut: false,
      truncated: false,
      outOfMemory: false,
    };
    expect((await api.request(runs)).body).toEqual({ runs: [begun] });
    held[0]?.print('stderr', new TextEncoder().encode('last'));
    held[0]?.report({ code: 3 });
    const { body, headers } = await answer;
    expect([fact(body, 'run'), headers.get('x-codeland-run')]).toEqual(['run-1', 'run-1']);
    const { body: record } = await api.request(`${runs}/run-1?from=4`);
    const ended = { ...begun, state: 'ended', endedAt: AT, outputBytes: 10, exitCode: 3 };
    expect(record).toEqual({ ...ended, output: expect.any(String), next: 10 });
    expect(text(fact(record, 'output'))).toBe('t last');
    expect((await api.request(`${runs}/run-1?from=11`)).body).toMatchObject({ output: '', next: 11 });
  });

  test('that there is not', async () => {
    await using api = new TestApi();
    await api.guest();
    await api.post(create, '{}');
    expect(await api.request(`${runs}/run-1`)).toMatchObject({
      status: 404,
      body: { name: 'runNotFound', runner: 'runner-1' },
    });
    expect(await api.request(`${runs.replace('runner-1', 'runner-2')}/run-1`)).toMatchObject({
      status: 404,
      body: { name: 'runnerNotFound' },
    });
  });
});

describe('one who waits for output', () => {
  test('gets it when it comes, and the end when that comes', async () => {
    await using api = new TestApi();
    const guest = await api.guest();
    await api.post(base.create, '{}');
    const held = holdRuns(guest);
    const answer = api.post(base.run, CODE);
    await until('the run', () => held.length === 1);
    const output = api.request(`${base.runs}/run-1?from=0&wait=60`);
    const end = api.request(`${base.runs}/run-1?from=3&wait=60`);
    await Bun.sleep(20);
    held[0]?.print('stdout', new TextEncoder().encode('new'));
    expect(text(fact((await output).body, 'output'))).toBe('new');
    held[0]?.report();
    expect((await end).body).toMatchObject({ state: 'ended', output: '', next: 3 });
    await answer;
  });

  test('is told when the runner ends, and need not wait at all', async () => {
    await using api = new TestApi();
    const guest = await api.guest();
    await api.post(base.create, '{}');
    const held = holdRuns(guest);
    const answer = api.post(base.run, CODE);
    await until('the run', () => held.length === 1);
    expect((await api.request(`${base.runs}/run-1`)).body).toMatchObject({ state: 'running', output: '' });
    const waiting = api.request(`${base.runs}/run-1?wait=60`);
    await Bun.sleep(20);
    await api.request('/api/v1/runner/runner-1', { method: 'DELETE' });
    expect([200, 404]).toContain((await waiting).status);
    expect((await answer).body).toMatchObject({ name: 'runnerExecutionFailed', run: 'run-1' });
  });
});

test('a run that took too long says which it was', async () => {
  await using api = new TestApi();
  const guest = await api.guest();
  await api.post(base.create, '{}');
  guest.onRun = async ({ id }) => ({ ...exitReport(id), code: null, signal: 'SIGKILL', timedOut: true });
  const { status, body, headers } = await api.post(base.run, CODE);
  expect([status, fact(body, 'run'), headers.get('x-codeland-run')]).toEqual([498, 'run-1', 'run-1']);
  expect((await api.request(`${base.runs}/run-1`)).body).toMatchObject({ state: 'ended', timedOut: true });
});

test('a run on a throw-away runner has no id', async () => {
  await using api = new TestApi();
  const guest = await api.guest();
  guest.onRun = async ({ id }) => exitReport(id);
  const { body, headers } = await api.post('/api/v1/runner/run', CODE);
  expect([fact(body, 'run'), headers.get('x-codeland-run')]).toEqual([undefined, null]);
});
