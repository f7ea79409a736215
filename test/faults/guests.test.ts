/**
 * Faults of guests, real ones over real HTTP: each request is answered, what is stuck is cleared, and the service goes on.
 * What hostile programs do to their agent, killing and freezing it among that, is in test/drill.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, setSystemTime } from 'bun:test';
import type { RunnerView } from '../../src/runner/view.ts';
import { auditHost } from '../support/audit.ts';
import type { Answer } from '../support/http-client.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const POOL = 2;
/** An answer that takes longer is a hang: no deadline here is as long. */
const HANG_MS = 60_000;
const DAY_MS = 86_400_000;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: String(POOL) });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

/** After each fault all is as before, by itself. */
afterEach(async () => {
  await service.ready(POOL);
  await until('the used guests to be gone', () => {
    const { leased, retiring, restoring } = service.pool.counts;
    return leased + retiring + restoring === 0;
  });
}, 120_000);

type Guest = RunnerView['guest'];

const SLEEP = { code: 'sleep 600', language: 'bash' };

const post = (path: string, body: object): Promise<Answer> =>
  service.request(path, { body, signal: AbortSignal.timeout(HANG_MS) });

const runOnce = (body: object, query = '') => post(`/api/v1/runner/run${query}`, body);

/** A guest in use, once something runs on it. */
async function inUse(name?: string): Promise<Guest> {
  const { runners } = service.server.service;
  const find = () =>
    runners.list().find((view) => view.runsUnderWay > 0 && (name === undefined || view.name === name));
  await until('a run', () => find() !== undefined);
  const found = find();
  if (!found) throw new Error('the run has ended');
  return found.guest;
}

const stuck = async (state: string): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^codeland_stuck_total\\{state="${state}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
};

const signalAll = (
  guests: readonly { readonly guest: { readonly pid: number } }[],
  signal: NodeJS.Signals,
) => {
  for (const { guest } of guests) process.kill(guest.pid, signal);
};

describe('ready guests', () => {
  it('whose QEMUs are killed are replaced', async () => {
    await service.ready(POOL);
    const killed = [...service.pool.ready];
    signalAll(killed, 'SIGKILL');
    await until('their end', () => killed.every((entry) => !service.pool.ready.includes(entry)));
    expect((await runOnce({ code: '' }, '?wait=60')).status).toBe(200);
  });

  it('whose QEMUs are stopped are found, ended and replaced', async () => {
    await service.ready(POOL);
    const before = await stuck('ready');
    const stopped = [...service.pool.ready];
    signalAll(stopped, 'SIGSTOP');
    await until('their end', () => stopped.every((entry) => !service.pool.ready.includes(entry)));
    expect(await stuck('ready')).toBe(before + POOL);
    expect(service.pool.lastErrors.at(-1)?.message).toContain('did not answer');
  }, 120_000);

  it('whose CPUs run are found, ended and replaced', async () => {
    await service.ready(POOL);
    const [entry] = service.pool.ready;
    await entry?.guest.resume();
    await until('its end', () => entry !== undefined && !service.pool.ready.includes(entry));
    expect(service.pool.lastErrors.at(-1)?.message).toContain(`${entry?.guest.name}`);
  }, 120_000);

  it('that are taken before it is found that their QEMUs are stopped fail their run', async () => {
    await service.ready(POOL);
    signalAll(service.pool.ready, 'SIGSTOP');
    const { status, body } = await runOnce({ code: '' });
    expect({ status, name: body['name'] }).toEqual({ status: 400, name: 'runnerExecutionFailed' });
    const woken = await post('/api/v1/runner/new', {});
    expect({ status: woken.status, name: woken.body['name'] }).toEqual({
      status: 400,
      name: 'runnerExecutionFailed',
    });
    expect(await stuck('waking')).toBe(1);
  }, 120_000);
});

describe('a run', () => {
  it('whose QEMU is killed fails at once', async () => {
    await service.ready();
    const answer = runOnce(SLEEP);
    process.kill((await inUse()).pid, 'SIGKILL');
    const { status, body } = await answer;
    expect({ status, name: body['name'] }).toEqual({ status: 400, name: 'runnerExecutionFailed' });
    expect(body['message']).toContain('lost');
  });

  it.each([
    ['QEMU is stopped', async ({ pid }: Guest): Promise<unknown> => process.kill(pid, 'SIGSTOP')],
    ['guest is frozen, its agent with it', ({ qmp }: Guest): Promise<unknown> => qmp.execute('stop')],
  ] as const)('whose %s ends soon after its time', async (_, harm) => {
    await service.ready();
    const answer = runOnce(SLEEP, '?time=2');
    await harm(await inUse());
    const { status, body } = await answer;
    expect({ status, name: body['name'] }).toEqual({ status: 498, name: 'runnerTimedOut' });
  });

  it('whose guest resets itself, as when its agent has died, fails at once', async () => {
    await service.ready();
    const answer = runOnce(SLEEP);
    await (await inUse()).qmp.execute('system_reset');
    const { status, body } = await answer;
    expect({ status, name: body['name'] }).toEqual({ status: 400, name: 'runnerExecutionFailed' });
  });
});

describe('a persistent runner', () => {
  it('whose agent reads nothing refuses what it cannot take, and ends when a run of it is late', async () => {
    const name = await service.create();
    const path = `/api/v1/runner/run/${name}`;
    const first = post(`${path}?time=5`, SLEEP);
    await (await inUse(name)).qmp.execute('stop');
    const large = { ...SLEEP, stdin: 'x'.repeat(4_000_000) };
    const answers = await Promise.all([
      first,
      ...Array.from({ length: 7 }, () => post(`${path}?time=5`, large)),
    ]);
    expect(answers[0]?.status).toBe(498);
    for (const { status, body } of answers) {
      expect(['runnerTimedOut', 'runnerExecutionFailed']).toContain(String(body['name']));
      expect([400, 498]).toContain(status);
    }
    await service.gone(name);
  }, 120_000);

  it('whose QEMU is stopped can be deleted', async () => {
    const name = await service.create();
    process.kill(await service.pidOf(name), 'SIGSTOP');
    const info = await service.request(`/api/v1/runner/${name}`, { signal: AbortSignal.timeout(HANG_MS) });
    expect(info.status).toBe(200);
    expect((await service.remove(name)).status).toBe(200);
    expect((await service.info(name)).status).toBe(404);
  });
});

describe('a clock that jumps', () => {
  it.each([400, -400])(
    'by %i days changes neither a runner nor its state',
    async (days) => {
      const name = await service.create({ code: 'echo here > note', language: 'bash' });
      await service.ready(POOL);
      const path = `/api/v1/runner/run/${name}?time=20`;
      try {
        setSystemTime(new Date(Date.now() + days * DAY_MS));
        const { status, body } = await post(path, { code: 'date +%s; cat note', language: 'bash' });
        expect(status).toBe(200);
        const [seconds, note] = String(body['stdout']).split('\n');
        expect(note).toBe('here');
        expect(Math.abs(Number(seconds) * 1000 - Date.now())).toBeLessThan(DAY_MS / 2);
      } finally {
        setSystemTime();
      }
      expect((await post(path, { code: 'cat note', language: 'bash' })).body['stdout']).toBe('here\n');
      expect((await service.remove(name)).status).toBe(200);
    },
    120_000,
  );
});

it('the service goes on, and nothing is left of any of them', async () => {
  const { status, body } = await runOnce({ code: 'console.log(6 * 7)' });
  expect({ status, stdout: body['stdout'] }).toEqual({ status: 200, stdout: '42\n' });
  expect(await auditHost(service.home.path, { server: process.pid })).toEqual([]);
}, 60_000);
