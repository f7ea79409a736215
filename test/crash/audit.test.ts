/** The audit that the crash tests rely on finds what it is there to find, and only that. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cgroups, groupName } from '../../src/host/cgroups/cgroups.ts';
import { bindUnixSocket, closeDescriptor } from '../../src/lib/posix.ts';
import { identifyProcess, type ProcessIdentity } from '../../src/lib/process-identity.ts';
import { run } from '../../src/network/command.ts';
import { linkOf } from '../../src/network/uplink.ts';
import { findOrphans } from '../support/audit.ts';
import { TempFolder } from '../support/temp-folder.ts';

const isRoot = process.getuid?.() === 0;

let folder: TempFolder;
let home: string;
beforeAll(async () => {
  folder = await TempFolder.create();
  home = folder.path;
});
afterAll(() => folder[Symbol.asyncDispose]());

/** A process that does nothing, with these descriptors. */
async function idle(...inherited: number[]): Promise<AsyncDisposable & { readonly child: ChildProcess }> {
  const child = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', ...inherited] });
  await once(child, 'spawn');
  const end = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { child, [Symbol.asyncDispose]: end };
}

async function identityOf({ pid }: ChildProcess): Promise<ProcessIdentity> {
  const identity = await identifyProcess(pid ?? 0);
  if (!identity) throw new Error('the process has ended');
  return identity;
}

/** What a server writes of a guest's process. */
async function writeGuest(name: string, { child }: { readonly child: ChildProcess }): Promise<void> {
  await mkdir(join(home, 'guests', name), { recursive: true });
  await writeFile(join(home, 'guests', name, 'process.json'), JSON.stringify(await identityOf(child)));
}

describe('an audit', () => {
  it('finds nothing where nothing is left', async () => {
    await mkdir(join(home, 'guests'));
    await writeFile(join(home, 'codeland.db'), '');
    expect(await findOrphans(home)).toEqual([]);
  });

  it('finds a process that listens in a folder that is gone, and what that process has open', async () => {
    const guest = join(home, 'guests/runner-1');
    await mkdir(guest);
    const socket = bindUnixSocket(join(guest, 'qmp.sock'));
    await using qemu = await idle(socket);
    closeDescriptor(socket);
    await rm(guest, { recursive: true });
    expect(await findOrphans(home)).toEqual([
      `process ${qemu.child.pid} (sleep): has ${guest}/qmp.sock open`,
    ]);
  });

  it('finds a process of an earlier server, and none that has its number only', async () => {
    await using keeper = await idle();
    const identity = await identityOf(keeper.child);
    const other = { ...identity, startTicks: identity.startTicks - 1 };
    expect(await findOrphans(home, { earlier: [other] })).toEqual([]);
    expect(await findOrphans(home, { earlier: [identity] })).toEqual([
      `process ${identity.pid} (sleep): was started by an earlier server`,
    ]);
  });

  it('knows the guests that were taken over from the others', async () => {
    await using kept = await idle();
    await using left = await idle();
    await writeGuest('runner-1', kept);
    await writeGuest('runner-2', left);
    const earlier = await Promise.all([identityOf(kept.child), identityOf(left.child)]);
    const expected = { server: process.pid, guests: ['runner-1'], earlier };
    // Both are children of this very process, which is the server here, as a guest's QEMU is the server's that made it.
    expect(await findOrphans(home, expected)).toEqual([]);
    await using server = await idle();
    expect(await findOrphans(home, { ...expected, server: server.child.pid ?? 0 })).toEqual([
      `process ${left.child.pid} (sleep): was started by an earlier server`,
      'folder guests/runner-2',
    ]);
    await rm(join(home, 'guests'), { recursive: true });
    expect(await findOrphans(home, { server: process.pid, guests: ['runner-3'] })).toEqual([
      'no folder of guest runner-3',
    ]);
  });

  it('finds the files of a server that is gone, and what it had not written to the end', async () => {
    await using server = await idle();
    const files = ['server.json', 'control.sock', 'server.json.7.tmp'];
    for (const name of files) writeFileSync(join(home, name), '');
    mkdirSync(join(home, 'templates/.staging-7-8-0a'), { recursive: true });
    const temporary = ['file server.json.7.tmp', 'file templates/.staging-7-8-0a'];
    expect((await findOrphans(home)).sort()).toEqual(['file control.sock', 'file server.json', ...temporary]);
    const served = { server: server.child.pid ?? 0 };
    expect(await findOrphans(home, served)).toEqual(temporary);
    for (const name of [...files, 'templates']) rmSync(join(home, name), { recursive: true });
    expect(await findOrphans(home)).toEqual([]);
  });

  it('finds a file that is kept open when it is gone', async () => {
    const path = join(home, 'gone');
    const file = openSync(path, 'w');
    await using server = await idle(file);
    closeSync(file);
    rmSync(path);
    expect(await findOrphans(home, { server: server.child.pid ?? 0 })).toEqual([
      `process ${server.child.pid} (sleep) keeps ${path} (deleted)`,
    ]);
  });

  it.skipIf(!isRoot)(
    'finds control groups, and who is in them',
    async () => {
      const terms = { accelerator: 'tcg', guestMemoryMiB: 256, image: home, reserveBytes: 0 } as const;
      {
        await using cgroups = await Cgroups.open({ ...terms, name: await groupName(home) });
        await using guest = await cgroups.guest('runner-1');
        await using qemu = await idle();
        await guest.add(qemu.child.pid ?? 0);
        const found = await findOrphans(home);
        expect(found).toContainEqual(
          expect.stringContaining(`process ${qemu.child.pid} (sleep): is in /codeland-`),
        );
        expect(found).toContainEqual(expect.stringMatching(/^control group .*\/codeland-[0-9a-f]{12}$/));
        await using server = await idle();
        expect(await findOrphans(home, { server: server.child.pid ?? 0 })).toContainEqual(
          expect.stringMatching(/^control group .*\/runner-1$/),
        );
      }
      expect(await findOrphans(home)).toEqual([]);
    },
    120_000,
  );

  it.skipIf(!isRoot)(
    "finds the host's end of a network",
    async () => {
      const { device } = linkOf(home);
      await run(['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', `cp${device.slice(2)}`]);
      await run(['nft', 'add', 'table', 'inet', `codeland_${device}`]);
      try {
        expect(await findOrphans(home)).toEqual([
          `network device ${device}`,
          `rules inet codeland_${device}`,
        ]);
      } finally {
        await run(['nft', 'delete', 'table', 'inet', `codeland_${device}`]);
        await run(['ip', 'link', 'delete', device]);
      }
      expect(await findOrphans(home)).toEqual([]);
    },
    60_000,
  );
});
