/**
 * Faults of the host under a server with real guests: a full disk, a slow one, a database that another program holds.
 * Each request is answered, and when the fault is gone all is as before, by itself.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'bun:test';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { databaseFile } from '../../src/store/database.ts';
import { auditHost } from '../support/audit.ts';
import type { Answer } from '../support/http-client.ts';
import { ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { SmallDisk } from './support/small-disk.ts';

/** An answer that takes longer is a hang: a run has 20 s, and may wait 60 s for its guest. */
const HANG_MS = 100_000;

let disk: SmallDisk;
let server: ServerProcess;

beforeAll(async () => {
  disk = await SmallDisk.mount();
  server = await ServerProcess.start(disk.home, {
    CODELAND_POOL_SIZE: '1',
  });
}, 600_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await disk[Symbol.asyncDispose]();
});

const post = (path: string, body: object, key?: string): Promise<Answer> =>
  server.request(`/api/v1/runner/${path}`, {
    body,
    signal: AbortSignal.timeout(HANG_MS),
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

const ECHO = { code: 'console.log(6 * 7)' };
const run = (query = '?wait=0', key?: string) => post(`run${query}&time=20`, ECHO, key);
const summary = ({ status, body }: Answer) => ({ status, name: body['name'], stdout: body['stdout'] });
const DONE = { status: 200, name: undefined, stdout: '42\n' };

/** Uses up what is ready, until nothing is restored any more; gives the answer. */
async function useUp(): Promise<Answer> {
  let answer = await run();
  await until('the last guest to be used', async () => {
    answer = await run();
    return answer.status !== 200;
  });
  return answer;
}

/** A pause after failed restores lasts 30 s at most, and a busy machine restores slowly. */
async function waitForGuest(): Promise<void> {
  await until('a guest', async () => (await fetch(`${server.url}/readyz`)).status === 200);
}

/** After each fault all is as before, by itself. */
afterEach(async () => {
  await waitForGuest();
  expect(summary(await run('?wait=60'))).toEqual(DONE);
  await waitForGuest();
}, 300_000);

describe('a full disk', () => {
  afterEach(() => disk.clear());

  it('leaves the ready guests, then there are none until it has room', async () => {
    await disk.fill();
    const { status, body, headers } = await useUp();
    expect({ status, name: body['name'] }).toEqual({ status: 503, name: 'RunnerNotAvailable' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  }, 300_000);

  it('refuses requests that must be written down first, which can be sent again', async () => {
    await disk.fill();
    const refused = await run('?wait=0', 'while-full');
    expect(summary(refused)).toMatchObject({ status: 503, name: 'RunnerNotAvailable' });
    await disk.clear();
    await waitForGuest();
    expect(summary(await run('?wait=60', 'while-full'))).toEqual(DONE);
  }, 300_000);
});

describe('a database that another program holds', () => {
  it('refuses what must be written down first, and nothing else, until it is free', async () => {
    const runner = String((await post('new', {})).body['runner']);
    await waitForGuest();
    const other = new DatabaseSync(databaseFile(disk.home.path));
    other.exec('BEGIN EXCLUSIVE');
    try {
      expect(summary(await run('?wait=0', 'while-held'))).toMatchObject({
        status: 503,
        name: 'RunnerNotAvailable',
      });
      await waitForGuest();
      expect(summary(await run('?wait=60'))).toEqual(DONE);
      // What is written down of a runner that stays waits meanwhile.
      expect(summary(await post(`run/${runner}`, ECHO))).toEqual(DONE);
      other.exec('ROLLBACK');
      expect(summary(await run('?wait=60', 'while-held'))).toEqual(DONE);
      const count = other.prepare('SELECT count(*) AS count FROM runs WHERE ended_at IS NOT NULL');
      await until('the run to be written down', () => count.get()?.['count'] === 1);
    } finally {
      other.close();
    }
    await server.request(`/api/v1/runner/${runner}`, { method: 'DELETE' });
  }, 300_000);
});

describe('no descriptor that is left', () => {
  it('keeps nothing from working again once the connections that had them are gone', async () => {
    const { pid } = server.child;
    if (pid === undefined) throw new Error('the server has no pid');
    const limit = (count: string) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
    const held = (await readdir(`/proc/${pid}/fd`)).length;
    limit(String(held + 60));
    const connections = Array.from({ length: 120 }, () =>
      connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) }).on('error', () => {}),
    );
    await until('the last descriptor to be taken', async () => {
      return (await readdir(`/proc/${pid}/fd`)).length >= held + 59;
    });
    for (const connection of connections) connection.destroy();
    // Sixty that are free are enough for requests, and too few for another guest.
    expect(summary(await run('?wait=60'))).toEqual(DONE);
    await until('the shortage to be told', () => server.stdout.includes('short of file descriptors'));
    expect(server.stderr).toBe('');
    limit('4096');
  });
});

describe('a slow disk', () => {
  it('slows what is written, and fails nothing', async () => {
    const calls = 'fsync,fdatasync,pwrite64,mkdir,mkdirat,unlink,unlinkat,rmdir,ftruncate';
    // The server's threads alone: to follow what it starts would slow QEMU's every call.
    const threads = await readdir(`/proc/${server.child.pid}/task`);
    const strace = spawn(
      'strace',
      [
        '-qq',
        '-o',
        '/dev/null',
        '-p',
        threads.join(','),
        '-e',
        `trace=${calls}`,
        '-e',
        `inject=${calls}:delay_enter=200000`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = once(strace, 'exit');
    try {
      for (const key of [undefined, 'while-slow', undefined]) {
        expect(summary(await run('?wait=60', key))).toEqual(DONE);
      }
      expect(strace.exitCode).toBeNull();
    } finally {
      strace.kill('SIGINT');
      await ended;
    }
  }, 300_000);
});

it('nothing is left of any of it', async () => {
  expect(await auditHost(disk.home.path, { server: server.child.pid ?? 0 })).toEqual([]);
}, 60_000);
