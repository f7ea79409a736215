/** Guests that are forked from another one's QEMU. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ForkError, type ForkServer } from '../../src/guest/fork/fork-server.ts';
import type { Guest } from '../../src/guest/guest.ts';
import { readBalloon } from '../../src/guest/stats.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { ForkingMaker } from '../../src/rollout/maker.ts';
import { Clones, run } from '../support/clones.ts';
import { groupsNamed } from '../support/control-groups.ts';
import { failure } from '../support/failure.ts';
import { until } from '../support/until.ts';

let clones: Clones;
let parent: ForkServer;
beforeAll(async () => {
  clones = await Clones.open();
  parent = await clones.parent();
}, 600_000);
afterAll(() => clones[Symbol.asyncDispose]());

/** What its descriptors are, by number. */
const descriptors = (pid: number): ReadonlyMap<string, string> =>
  new Map(readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]));
const threads = (pid: number) => readdirSync(`/proc/${pid}/task`).length;

describe('a fork', () => {
  it('runs programs, and what it does changes neither its parent nor the forks that follow', async () => {
    {
      const { guest } = await clones.readyFork();
      await using _ = guest;
      const { stdout } = await run(guest, 'bash', 'echo mine >~/mark; cat ~/mark');
      expect(stdout).toBe('mine\n');
    }
    const { guest } = await clones.readyFork();
    await using _ = guest;
    const { stdout } = await run(guest, 'bash', 'ls ~; hostname');
    expect(stdout).not.toContain('mark');
    expect(stdout).toContain(guest.name);
  });

  it('is asked for its memory, which its parent is not: QEMU asks at once only where it did not before', async () => {
    const seconds = ({ qmp }: Guest) =>
      qmp.execute('qom-get', {
        path: '/machine/peripheral/balloon',
        property: 'guest-stats-polling-interval',
      });
    const { guest } = await clones.readyFork();
    await using _ = guest;
    expect([await seconds(parent.guest), await seconds(guest)]).toEqual([0, 2]);
    await guest.resume();
    await until('its figures', async () => (await readBalloon(guest.qmp)) !== null);
  });

  it('has its memory from its parent, which has none of the template’s left', async () => {
    await using guest = await clones.forked();
    for (const { pid } of [parent.guest, guest]) {
      const views = readFileSync(`/proc/${pid}/maps`, 'utf8')
        .split('\n')
        .filter((line) => / rw-p .*memfd:/.test(line));
      expect(views).toEqual([]);
    }
  });

  it.skipIf(process.getuid?.() !== 0)(
    'may take as much memory as a guest, its parent as much as all guests',
    async () => {
      await using guest = await clones.forked();
      const bytes = async ({ name }: Guest) => {
        const files = (await groupsNamed(name)).flatMap(({ folder }) =>
          ['memory.max', 'memory.limit_in_bytes'].map((file) => join(folder, file)),
        );
        return files.filter((file) => existsSync(file)).map((file) => Number(readFileSync(file, 'utf8')));
      };
      expect(await bytes(guest)).toEqual([768 * 2 ** 20]);
      // Version 1 says a number that no host has, version 2 `max`.
      const [limit] = await bytes(parent.guest);
      expect(Number.isNaN(limit) || Number(limit) > 2 ** 60).toBeTrue();
    },
  );

  it('shares no socket, pipe or event descriptor with its parent or another fork', async () => {
    await using first = await clones.forked();
    await using second = await clones.forked();
    const shared = /^(socket|pipe):/;
    const all = [parent.guest, first, second].flatMap(({ pid }) =>
      [...descriptors(pid).values()].filter((what) => shared.test(what)),
    );
    // Standard output, error, two listeners, two connections, the control socket; then five for each fork.
    expect(all.length).toBeGreaterThan(15);
    expect(new Set(all).size).toBe(all.length);
    // Event descriptors have a number each, which their information tells.
    const events = [parent.guest, first, second].map(({ pid }) =>
      [...descriptors(pid)]
        .filter(([, what]) => what === 'anon_inode:[eventfd]')
        .map(([fd]) => /eventfd-id:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1]),
    );
    const ids = events.flat();
    expect(ids.length).toBeGreaterThan(9);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has all threads of its parent', async () => {
    await using guest = await clones.forked();
    expect(threads(guest.pid)).toBe(threads(parent.guest.pid));
  });

  it('does not see the control socket, nor can it be forked', async () => {
    await using guest = await clones.forked();
    expect(descriptors(parent.guest.pid).has('8')).toBe(true);
    expect(descriptors(guest.pid).has('8')).toBe(false);
  });

  it('is known to be lost when it has ended, and leaves nothing', async () => {
    const guest = await clones.forked();
    const folder = join(clones.home.path, 'guests', guest.name);
    expect(statSync(folder).isDirectory()).toBe(true);
    process.kill(guest.pid, 'SIGKILL');
    expect(await guest.lost).toBeInstanceOf(Error);
    await guest[Symbol.asyncDispose]();
    expect(await identifyProcess(guest.pid)).toBeUndefined();
    expect(() => statSync(folder)).toThrow();
  });

  it('lives on when its parent has ended', async () => {
    const own = await Clones.open();
    await using _ = own;
    const { guest } = await own.readyFork();
    await using __ = guest;
    const server = await own.parent();
    await server[Symbol.asyncDispose]();
    expect(await identifyProcess(server.guest.pid)).toBeUndefined();
    expect((await run(guest, 'bash', 'echo still here')).stdout).toBe('still here\n');
    const folder = join(own.home.path, 'guests', 'late');
    expect(await failure(server.fork({ name: 'late', folder }))).toBeInstanceOf(ForkError);
    expect(() => statSync(folder)).toThrow();
  }, 120_000);

  it('of a request that was given up is ended', async () => {
    const folder = join(clones.home.path, 'guests', 'unwanted');
    const signal = AbortSignal.abort(new Error('not any more'));
    expect(await failure(parent.fork({ name: 'unwanted', folder, signal }))).toBe(signal.reason);
    expect(() => statSync(folder)).toThrow();
    await until('the fork to be gone', () => childrenOf(parent.guest.pid).length === 0);
  });
});

it('has a new parent made for the next guest when the one that there was has ended', async () => {
  const own = await Clones.open();
  await using _ = own;
  const { forkLibrary = '' } = own.hosting;
  const failures: Error[] = [];
  await using maker = new ForkingMaker(own.template, forkLibrary, {
    hosting: own.hosting,
    folder: join(own.home.path, 'guests'),
    corpus: [],
    onWarm: () => {},
    onFailure: (error) => failures.push(error),
  });
  const { signal } = new AbortController();
  const first = (await maker.make('first', signal)).guest;
  await using __ = first;
  const parent = parentOf(first.pid);
  process.kill(parent, 'SIGKILL');
  await until('the parent to be gone', async () => (await identifyProcess(parent)) === undefined);
  // It may not have come to light yet.
  const second = await maker.make('second', signal).catch(() => maker.make('second', signal));
  await using ___ = second.guest;
  expect(parentOf(second.guest.pid)).not.toBe(parent);
  expect((await run(second.guest, 'bash', 'echo well')).stdout).toBe('well\n');
  expect((await run(first, 'bash', 'echo as well')).stdout).toBe('as well\n');
}, 240_000);

const parentOf = (pid: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** Its forks that live. */
function childrenOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ');
}
