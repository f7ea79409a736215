/** How persistent runners end: by request, by themselves, by accident; and who may see them. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BASES } from '../support/bases.ts';
import { createKey } from '../support/keys.ts';
import { TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '1' });
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const ENDLESS = { code: 'setInterval(() => {}, 1000);' };
/** Names of the runners of this kind. */
async function named(kind: 'once' | 'persistent'): Promise<string[]> {
  const list = await service.list();
  return list.filter((entry) => entry['kind'] === kind).map(({ name }) => String(name));
}

/** Waits for the one runner of this kind; gives its name. */
async function appears(kind: 'once' | 'persistent'): Promise<string> {
  let [name]: string[] = [];
  await until(`a runner of the kind ${kind}`, async () => {
    [name] = await named(kind);
    return name !== undefined;
  });
  return String(name);
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

async function leavesNothing(runner: string, pid: number): Promise<void> {
  await until('its process to end', () => !isAlive(pid));
  await until('its folder to go', () => !existsSync(join(service.home.path, 'guests', runner)));
}

describe('delete', () => {
  it.each(BASES)('ends a runner at once, and is 404 from then on, below $name', async (base) => {
    const runner = await service.create();
    const pid = await service.pidOf(runner);
    const remove = () => service.request(base.runner(runner), { method: 'DELETE' });
    const { status, body } = await remove();
    expect({ status, body }).toEqual({ status: 200, body: { res: 'success' } });
    expect((await remove()).body).toMatchObject({ name: 'runnerNotFound' });
    expect((await remove()).status).toBe(404);
    expect((await service.request(base.runOn(runner), { body: { code: '' } })).status).toBe(404);
    expect((await service.request(base.runner(runner))).status).toBe(404);
    await leavesNothing(runner, pid);
  });

  it('answers the runs under way with 400', async () => {
    const runner = await service.create();
    const runs = [service.runOn(runner, ENDLESS), service.runOn(runner, ENDLESS)];
    await service.running(runner, 2);
    expect((await service.remove(runner)).status).toBe(200);
    for (const run of runs) {
      const { status, body } = await run;
      expect({ status, name: body['name'], runner: body['runner'] }).toEqual({
        status: 400,
        name: 'runnerExecutionFailed',
        runner,
      });
    }
  });

  it('succeeds once when several ask at the same time', async () => {
    const runner = await service.create();
    const answers = await Promise.all([1, 2, 3].map(() => service.remove(runner)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404]);
  });
});

describe('a runner by itself', () => {
  it('ends when nobody ran anything for its idle time, which a run puts off', async () => {
    await service.ready();
    const { body } = await service.request('/api/v1/runner/new', { body: { idleSeconds: 4 } });
    const runner = String(body['runner']);
    const pid = await service.pidOf(runner);
    const first = await service.info(runner);
    expect(first.body['idleSecondsLeft']).toBeWithin(0, 5);
    await until('some of it to pass', async () => {
      const { idleSecondsLeft } = (await service.info(runner)).body;
      return Number(idleSecondsLeft) < Number(first.body['idleSecondsLeft']);
    });
    // Longer than the idle time: while something runs, the runner is not idle.
    const run = service.runOn(runner, { language: 'bash', code: 'sleep 5; echo still here' });
    await service.running(runner);
    expect((await service.info(runner)).body).toMatchObject({ idleSecondsLeft: null, runsUnderWay: 1 });
    expect((await run).body).toMatchObject({ stdout: 'still here\n' });
    expect((await service.info(runner)).body).toMatchObject({ runsUnderWay: 0, runsDone: 1 });
    await service.gone(runner);
    await leavesNothing(runner, pid);
  });

  it('ends at its greatest age, in mid-run too', async () => {
    await service.ready();
    const { body } = await service.request('/api/v1/runner/new', { body: { maxAgeSeconds: 5 } });
    const runner = String(body['runner']);
    const pid = await service.pidOf(runner);
    const first = await service.info(runner);
    expect(first.body['ageSecondsLeft']).toBeWithin(0, 6);
    const run = service.runOn(runner, ENDLESS);
    await until('some of it to pass', async () => {
      const { ageSecondsLeft } = (await service.info(runner)).body;
      return Number(ageSecondsLeft) < Number(first.body['ageSecondsLeft']);
    });
    expect(await run).toMatchObject({ status: 400, body: { name: 'runnerExecutionFailed', runner } });
    await service.gone(runner);
    await leavesNothing(runner, pid);
  });
});

describe('a runner whose guest dies', () => {
  it('answers 400 to its run, is gone, and the service goes on', async () => {
    const runner = await service.create();
    const run = service.runOn(runner, ENDLESS);
    await service.running(runner);
    process.kill(await service.pidOf(runner), 'SIGKILL');
    expect(await run).toMatchObject({ status: 400, body: { name: 'runnerExecutionFailed', runner } });
    await service.gone(runner);
    expect(existsSync(join(service.home.path, 'guests', runner))).toBeFalse();
    expect((await service.run({ code: 'console.log(1)' })).status).toBe(200);
  });

  it('is gone also when nothing ran', async () => {
    const runner = await service.create();
    process.kill(await service.pidOf(runner), 'SIGKILL');
    await service.gone(runner);
    expect((await service.runOn(runner, { code: '' })).status).toBe(404);
  });
});

describe('a runner whose first code', () => {
  it('runs too long is there, with its name in the answer', async () => {
    await service.ready();
    const body = { language: 'bash', code: 'echo kept > note; echo so far; sleep 60' };
    const answer = await service.request('/codeland/run/new?time=2', { body });
    expect(answer).toMatchObject({ status: 498, body: { name: 'runnerTimedOut', stdout: 'so far\n' } });
    const runner = String(answer.body['runner']);
    const next = await service.runOn(runner, { language: 'bash', code: 'cat note' });
    expect(next.body['stdout']).toBe('kept\n');
    await service.remove(runner);
  });

  it('loses its guest is none', async () => {
    await service.ready();
    const answer = service.request('/codeland/run/new', { body: ENDLESS });
    const runner = await appears('persistent');
    process.kill(await service.pidOf(runner), 'SIGKILL');
    expect(await answer).toMatchObject({ status: 400, body: { name: 'runnerExecutionFailed', runner } });
    await service.gone(runner);
  });
});

describe('a throw-away runner', () => {
  it('is shown while it runs, takes no other code, and may be ended', async () => {
    await service.ready();
    const run = service.post(JSON.stringify(ENDLESS));
    const runner = await appears('once');
    expect((await service.info(runner)).body).toMatchObject({
      kind: 'once',
      inUse: true,
      runsUnderWay: 1,
      idleSecondsLeft: null,
      ageSecondsLeft: null,
    });
    expect(await service.runOn(runner, { code: '' })).toMatchObject({
      status: 409,
      body: { name: 'runnerBusy', runner },
    });
    expect((await service.remove(runner)).status).toBe(200);
    expect(await run).toMatchObject({ status: 400, body: { name: 'runnerExecutionFailed', runner } });
    expect((await service.info(runner)).status).toBe(404);
  });
});

describe("somebody else's runner", () => {
  it('does not exist', async () => {
    const mine = await service.create();
    const stranger = service.as((await createKey(service.home, 'stranger')).key);
    for (const base of BASES) {
      for (const answer of [
        await stranger(base.runner(mine)),
        await stranger(base.runner(mine), { method: 'DELETE' }),
        await stranger(base.runOn(mine), { body: { code: '' } }),
      ]) {
        expect(answer).toMatchObject({ status: 404, body: { name: 'runnerNotFound' } });
      }
      for (const query of ['', '?detail=true']) {
        const { body } = await stranger(`${base.list}${query}`);
        expect(body['runners']).toContainEqual({ name: mine, inUse: true });
      }
    }
    expect((await service.runOn(mine, { code: 'console.log("mine")' })).body).toMatchObject({
      stdout: 'mine\n',
    });
    await service.remove(mine);
  });
});

describe('a client that leaves while its runner is made', () => {
  it('leaves no runner', async () => {
    await service.ready();
    const leave = new AbortController();
    const gone = service.request('/api/v1/runner/new', { body: ENDLESS, signal: leave.signal });
    gone.catch(() => {});
    const runner = await appears('persistent');
    leave.abort();
    await expect(gone).rejects.toThrow();
    await service.gone(runner);
  });
});
