/** A server of its own process: how it ends, and what it leaves. */
import { describe, expect, it } from 'bun:test';
import { join } from 'node:path';
import { listFolder } from '../../src/lib/files.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { auditHost } from '../support/audit.ts';
import { guestsOf, ServerProcess } from '../support/server-process.ts';
import { TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const LONG = { language: 'bash', code: 'sleep 3; echo finished' };

describe('the server', () => {
  it('finishes running requests on SIGTERM, and leaves nothing', async () => {
    await using home = await TestHome.create();
    await using server = await ServerProcess.start(home);
    const kept = await server.request('/api/v1/runner/new', { body: {} });
    expect(kept.status).toBe(200);
    const runner = String(kept.body['runner']);
    const run = server.request(`/api/v1/runner/run/${runner}`, { body: LONG });
    await until('the run to begin', async () => {
      const { body } = await server.request(`/api/v1/runner/${runner}`);
      return body['runsUnderWay'] === 1;
    });
    const answer = server.request('/api/v1/runner/run?wait=60', { body: LONG });
    await until('the other run to begin', async () => {
      const { body } = await server.request('/api/v1/runner');
      return JSON.stringify(body).includes('"once"');
    });
    const end = server.stop();
    for (const each of [run, answer]) {
      expect(await each).toMatchObject({ status: 200, body: { stdout: 'finished\n' } });
    }
    expect(await end).toBe(0);
    expect(await guestsOf(home)).toEqual([]);
    expect(await listFolder(join(home.path, 'guests'))).toEqual([]);
    expect(await listFolder(home.path)).not.toContain('server.json');
    expect(await auditHost(home.path)).toEqual([]);
  }, 120_000);

  it('ends what a killed server left, at the next start, and runs nothing again', async () => {
    await using home = await TestHome.create();
    await using first = await ServerProcess.start(home);
    const call = { body: { code: 'setInterval(() => {}, 1000)' }, headers: { 'idempotency-key': 'lost' } };
    const lost = first.request('/api/v1/runner/run', call);
    lost.catch(() => {});
    await until('the run to begin', async () => {
      const { body } = await first.request('/api/v1/runner');
      return JSON.stringify(body).includes('"inUse":true');
    });
    const orphans = await guestsOf(home);
    expect(orphans.length).toBeGreaterThan(0);
    first.child.kill('SIGKILL');
    await first.ended;
    await using second = await ServerProcess.start(home);
    for (const pid of orphans) expect(await identifyProcess(pid)).toBeUndefined();
    const again = await second.request('/api/v1/runner/run', call);
    expect(again).toMatchObject({ status: 400, body: { name: 'runnerExecutionFailed' } });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await second.stop();
    expect(await guestsOf(home)).toEqual([]);
  }, 120_000);

  it('refuses to share a data folder', async () => {
    await using home = await TestHome.create();
    await using server = await ServerProcess.start(home);
    await using second = ServerProcess.spawn(home);
    expect(await second.ended).toBe(1);
    expect(second.stdout + second.stderr).toContain(`a server (pid ${server.child.pid}) already uses`);
    expect(await server.stop()).toBe(0);
  }, 120_000);

  it('refuses to do without keys on an address that others reach', async () => {
    await using home = await TestHome.create();
    await using server = ServerProcess.spawn(home, { CODELAND_AUTH: 'none', CODELAND_HOST: '0.0.0.0' });
    expect(await server.ended).toBe(1);
    expect(server.stdout + server.stderr).toContain('CODELAND_HOST must be a loopback address');
  });
});
