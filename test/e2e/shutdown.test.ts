/** A server of its own process: how it ends, and what it leaves. */
import { afterEach, describe, expect, it } from 'bun:test';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../src/lib/files.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { findServer } from '../../src/server-record.ts';
import { TEST_KEY, TestHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a server and waits until a guest is ready. */
async function startServer(home: TestHome): Promise<{ child: ChildProcess; url: string }> {
  const environment = home.environment({ CODELAND_POOL_SIZE: '2' });
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...environment }, stdio: 'ignore' });
  children.add(child);
  let url = '';
  await until('the server to be ready', async () => {
    url = (await findServer(home.path))?.url ?? '';
    return url !== '' && (await fetch(`${url}/readyz`)).ok;
  });
  return { child, url };
}

const post = (url: string, code: string) =>
  fetch(`${url}/api/v1/runner/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}` },
    body: JSON.stringify({ code, language: 'bash' }),
  });

/** Guests whose sockets are in this data folder. */
async function guestsOf(home: TestHome): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => ({ pid: Number(pid), line: await commandLine(pid) })),
  );
  return lines.filter(({ line }) => line.includes(`path=${home.path}/`)).map(({ pid }) => pid);
}

const commandLine = (pid: string) =>
  Bun.file(`/proc/${pid}/cmdline`)
    .text()
    .catch(() => '');

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

describe('the server', () => {
  it('finishes running requests on SIGTERM, and leaves nothing', async () => {
    await using home = await TestHome.create();
    const { child, url } = await startServer(home);
    const answer = post(url, 'sleep 3; echo finished');
    await until('the run to begin', async () => {
      const list = await fetch(`${url}/api/v1/runner`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
      return (await list.text()).includes('"inUse":true');
    });
    const end = ended(child);
    child.kill('SIGTERM');
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ stdout: 'finished\n' });
    expect(await end).toBe(0);
    expect(await guestsOf(home)).toEqual([]);
    expect(await listFolder(join(home.path, 'guests'))).toEqual([]);
    expect(await listFolder(home.path)).not.toContain('server.json');
  }, 90_000);

  it('ends what a killed server left, at the next start', async () => {
    await using home = await TestHome.create();
    const first = await startServer(home);
    const end = ended(first.child);
    first.child.kill('SIGKILL');
    await end;
    const orphans = await guestsOf(home);
    expect(orphans.length).toBeGreaterThan(0);
    const second = await startServer(home);
    for (const pid of orphans) expect(await identifyProcess(pid)).toBeUndefined();
    const secondEnd = ended(second.child);
    second.child.kill('SIGTERM');
    await secondEnd;
    expect(await guestsOf(home)).toEqual([]);
  }, 90_000);

  it('refuses to share a data folder', async () => {
    await using home = await TestHome.create();
    const { child } = await startServer(home);
    const second = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...home.environment() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.add(second);
    let log = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    expect(await ended(second)).toBe(1);
    expect(log).toContain(`a server (pid ${child.pid}) already uses ${home.path}`);
    const end = ended(child);
    child.kill('SIGTERM');
    await end;
  }, 90_000);
});
