import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Guest } from '../../src/guest/guest.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import { Clones } from '../support/clones.ts';

const run = promisify(execFile);

const isRoot = process.getuid?.() === 0;

let clones: Clones;
const guests: Guest[] = [];
beforeAll(async () => {
  clones = await Clones.open();
  guests.push(await clones.restored(), await clones.restored(), await clones.forked(), await clones.forked());
}, 600_000);
afterAll(async () => {
  for (const guest of guests) await guest[Symbol.asyncDispose]();
  await clones[Symbol.asyncDispose]();
});

/** A line of `/proc/PID/status`, its values apart. */
function status(guest: Guest, name: string): string[] {
  const text = readFileSync(`/proc/${guest.pid}/status`, 'utf8');
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.split(/\s+/) ?? [];
}

const user = (guest: Guest) => Number(status(guest, 'Uid')[0]);

/** What a program gets to see that runs as the guest's user, as a QEMU that was taken over would. */
async function as(guest: Guest, ...command: string[]): Promise<{ ok: boolean; said: string }> {
  const id = user(guest);
  const identity = [`--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all'];
  return run('setpriv', [...identity, ...command]).then(
    ({ stdout }) => ({ ok: true, said: stdout }),
    (error: { stderr: string }) => ({ ok: false, said: error.stderr }),
  );
}

describe('every QEMU', () => {
  it('gets no new privileges, and is filtered by seccomp', () => {
    for (const guest of guests) {
      expect(status(guest, 'NoNewPrivs')).toEqual(['1']);
      expect(status(guest, 'Seccomp')).toEqual(['2']);
    }
  });

  it.each([
    ['Max core file size', '1'],
    ['Max address space', String(4 * 2 ** 30)],
    ['Max file size', '0'],
    ['Max locked memory', '0'],
    ['Max open files', '128'],
  ])('is limited: %s %s', (name, limit) => {
    for (const guest of guests) {
      const limits = readFileSync(`/proc/${guest.pid}/limits`, 'utf8');
      expect(new RegExp(`^${name}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(limits)?.slice(1)).toEqual([limit, limit]);
    }
  });
});

describe.skipIf(!isRoot)('under a server that runs as root, every QEMU', () => {
  it('runs as a user of its own, which no other guest has', () => {
    const users = guests.map((guest) => {
      const [first = '', ...others] = [...status(guest, 'Uid'), ...status(guest, 'Gid')];
      expect(new Set(others)).toEqual(new Set([first]));
      return Number(first);
    });
    expect(Math.min(...users)).toBeGreaterThan(1_879_048_192);
    expect(new Set(users).size).toBe(guests.length);
    for (const guest of guests) expect(status(guest, 'Groups').join('')).toBe('');
  });

  it.each(['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])('has no capability: %s', (set) => {
    for (const guest of guests) expect(status(guest, set)).toEqual(['0'.repeat(16)]);
  });

  it.each(['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'])('has a namespace of its own: %s', (kind) => {
    const own = guests.map(({ pid }) => readlinkSync(`/proc/${pid}/ns/${kind}`));
    expect(new Set([...own, readlinkSync(`/proc/self/ns/${kind}`)]).size).toBe(guests.length + 1);
  });

  it('sees no network interface but a loopback that is down', () => {
    for (const { pid } of guests) {
      const devices = readFileSync(`/proc/${pid}/net/dev`, 'utf8').split('\n').slice(2).filter(Boolean);
      expect(devices.map((line) => line.trim().split(':')[0])).toEqual(['lo']);
      expect(readFileSync(`/proc/${pid}/net/route`, 'utf8').trim().split('\n')).toHaveLength(1);
    }
  });
});

/** Every file below the root of the guest's QEMU, its /proc left out. */
function visible(guest: Guest): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(`/proc/${guest.pid}/root${folder}`, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && path !== '/proc') walk(path);
      else if (!entry.isDirectory()) found.push(path);
    }
  };
  walk('/');
  return found;
}

describe.skipIf(!isRoot)('the jail', () => {
  it('has QEMU, what put it there, libraries and firmware, and nothing else', () => {
    for (const guest of guests) {
      for (const path of visible(guest)) {
        expect(path).toMatch(
          /^[/](bin|sbin|lib|lib64)$|[/](qemu-system-x86_64|unshare|prlimit|setpriv|umount|env)$|[.]so([.][\d.]+)?$|[/](bios-256k|kvmvapic)[.]bin$|^[/]etc[/]ld[.]so[.]cache$/,
        );
      }
    }
  });

  it('is read-only, and so is each file in it', () => {
    for (const { pid } of guests) {
      const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
      expect(mounts.length).toBeGreaterThan(10);
      for (const mount of mounts) {
        const [, , , , path = '', options = ''] = mount.split(' ');
        expect(options.split(',')).toContain(path === '/proc' ? 'nosuid' : 'ro');
        expect(options.split(',')).toContain('nosuid');
      }
    }
  });

  it('has no process but QEMU', () => {
    for (const guest of guests) {
      expect(status(guest, 'NSpid').at(-1)).toBe('1');
      const seen = readdirSync(`/proc/${guest.pid}/root/proc`).filter((name) => /^\d+$/.test(name));
      expect(seen).toEqual(['1']);
    }
  });

  it('is of one QEMU alone, which ends with the process that started it', async () => {
    const doomed = await clones.restored();
    const parent = Number(status(doomed, 'PPid')[0]);
    expect(readFileSync(`/proc/${parent}/comm`, 'utf8').trim()).toBe('unshare');
    process.kill(parent, 'SIGKILL');
    await doomed.lost;
    await doomed[Symbol.asyncDispose]();
    expect(await identifyProcess(doomed.pid)).toBeUndefined();
  });
});

describe.skipIf(!isRoot).each([
  ['restored', 0, 1],
  ['forked', 2, 3],
] as const)('a QEMU that was taken over, of a guest that was %s', (_, GUEST, OTHER) => {
  const guest = (index: number): Guest => {
    const found = guests[index];
    if (!found) throw new Error('there is no such guest');
    return found;
  };

  it('cannot reach the data folder', async () => {
    const { path } = clones.home;
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of ['', 'guests', 'images', 'templates']) {
      expect(await as(guest(GUEST), 'ls', join(path, name))).toMatchObject({
        ok: false,
        said: expect.stringContaining('Permission denied'),
      });
    }
  });

  it('cannot write the RAM, the root image or the device state that others are restored from', async () => {
    const { memoryFd, rootImage, rootFd, stateFd } = clones.template.restorePoint;
    const own = [memoryFd, rootFd, stateFd].map((fd) => `/proc/${process.pid}/fd/${fd}`);
    for (const path of [...own, rootImage]) {
      expect((await as(guest(GUEST), 'sh', '-c', 'echo x >>"$0"', path)).ok).toBe(false);
    }
    // What it has open it cannot open for writing.
    const { pid } = guest(GUEST);
    const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    const files = descriptors.map((fd) => [fd, readlinkSync(fd)] as const);
    // What a fork has open is not even to be looked at by its own user's processes: it changed its user.
    const isForked = GUEST === 2;
    for (const [name, why] of [
      ['/memfd:', isForked ? 'Permission denied' : 'Operation not permitted'],
      ['root.erofs', 'Permission denied'],
    ] as const) {
      const open = files.filter(([, target]) => target.includes(name));
      expect(open.length).toBeGreaterThan(0);
      for (const [fd] of open) {
        for (const attempt of [
          'dd if=/dev/zero of="$0" bs=1 count=1 conv=notrunc',
          'truncate --size=0 "$0"',
        ]) {
          expect(await as(guest(GUEST), 'sh', '-c', attempt, fd)).toMatchObject({
            ok: false,
            said: expect.stringContaining(why),
          });
        }
      }
    }
    // It is the writing that is refused.
    const memory = files.find(([, target]) => target.includes('/memfd:codeland-template'))?.[0] ?? '';
    expect((await as(guest(GUEST), 'head', '-c1', memory)).ok).toBe(!isForked);
    expect(files.filter(([, target]) => target.includes('codeland-state'))).toEqual([]);
  });

  it('cannot signal, look into or reach the sockets of another guest or of the server', async () => {
    const folder = join(clones.home.path, 'guests', guest(OTHER).name);
    for (const pid of [guest(OTHER).pid, process.pid]) {
      expect((await as(guest(GUEST), 'kill', '-0', String(pid))).ok).toBe(false);
      for (const part of ['mem', 'maps', 'fd/3', 'environ']) {
        expect((await as(guest(GUEST), 'head', '-c1', `/proc/${pid}/${part}`)).ok).toBe(false);
      }
    }
    expect((await as(guest(GUEST), 'ls', folder)).ok).toBe(false);
    // It is the user that is refused, not the question.
    expect((await as(guest(GUEST), 'kill', '-0', String(guest(GUEST).pid))).ok).toBe(true);
  });

  it('leaves nothing of its own on the host', async () => {
    const doomed = await clones.restored();
    const folder = join(clones.home.path, 'guests', doomed.name);
    expect((await as(doomed, 'true')).ok).toBe(true);
    for (const socket of ['qmp.sock', 'agent.sock']) {
      expect(statSync(join(folder, socket)).uid).toBe(process.getuid?.() ?? -1);
    }
    await doomed[Symbol.asyncDispose]();
    expect(() => statSync(folder)).toThrow();
  });
});
