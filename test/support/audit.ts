/**
 * What a server left on its host that nobody owns any more: processes, control groups, networks, mounts, files. It goes by
 * the host's own records alone, so that what the server has forgotten is found as well.
 */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IDENTITY_FILE } from '../../src/guest/launch.ts';
import { groupName } from '../../src/host/cgroups/cgroups.ts';
import { sleep } from '../../src/lib/deadline.ts';
import { listFolder } from '../../src/lib/files.ts';
import type { ProcessIdentity } from '../../src/lib/process-identity.ts';
import { networkRemains } from './audit-network.ts';
import { groupsNamed } from './control-groups.ts';
import { descendantsOf, type HostProcess, hostProcesses, openFiles, unixSockets } from './processes.ts';

/** What ought to be there: without it, nothing. */
export type Expected = {
  /** Pid of the server that uses the data folder. */
  readonly server?: number;
  /** Names of the guests that it has taken over from an earlier server. Those that it made itself need no name. */
  readonly guests?: readonly string[];
  /** Processes that earlier servers started. They are gone, or of such a guest. */
  readonly earlier?: readonly ProcessIdentity[];
};

/** What ends or vanishes by itself is given so long, ms: the kernel takes some time over devices and processes. */
const GRACE_MS = 15_000;
const PAUSE_MS = 250;

/**
 * Looks for what is left of the servers of a data folder, and gives what is about to go the time for it.
 * @returns As {@link findOrphans}.
 */
export async function auditHost(home: string, expected: Expected = {}): Promise<string[]> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    const orphans = await findOrphans(home, expected);
    if (orphans.length === 0 || performance.now() > deadline) return orphans;
    await sleep(PAUSE_MS);
  }
}

/**
 * Looks once.
 * @param home As the servers were told it, without symbolic links.
 * @returns A line for each thing that ought not to be there; none when all is well.
 */
export async function findOrphans(home: string, expected: Expected = {}): Promise<string[]> {
  const all = await hostProcesses();
  const guests = new Map<string, number | undefined>();
  for (const name of await listFolder(join(home, 'guests'))) guests.set(name, await pidOf(home, name, all));
  const owned = ownedBy(expected, guests, all);
  const known = [...guests].filter(([name, pid]) => expected.guests?.includes(name) || owned.has(pid ?? 0));
  const names = known.map(([name]) => name);
  const groups = await groupsNamed(await groupName(home));
  return [
    ...(await strayProcesses(home, { expected, owned, all, groups: groups.map(({ path }) => path) })),
    ...(expected.guests ?? [])
      .filter((name) => !guests.has(name))
      .map((name) => `no folder of guest ${name}`),
    ...[...guests.keys()].filter((name) => !names.includes(name)).map((name) => `folder guests/${name}`),
    ...groups.flatMap(({ folder, children }) =>
      expected.server === undefined
        ? [`control group ${folder}`]
        : children.filter((name) => !names.includes(name)).map((name) => `control group ${folder}/${name}`),
    ),
    ...(await networkRemains(home, expected.server !== undefined)),
    ...(await strayFiles(home, expected.server !== undefined)),
    ...(await deletedFiles(expected.server, all)),
  ];
}

/** The process of a guest, as its folder names it. */
async function pidOf(
  home: string,
  name: string,
  all: ReadonlyMap<number, HostProcess>,
): Promise<number | undefined> {
  const text = await readFile(join(home, 'guests', name, IDENTITY_FILE), 'utf8').catch(() => '');
  const [, pid, startTicks] = /"pid":(\d+),"startTicks":(\d+)/.exec(text) ?? [];
  const found = all.get(Number(pid));
  return found?.startTicks === Number(startTicks) ? found?.pid : undefined;
}

/** The server, what it started, and the processes of guests that it took over. */
function ownedBy(
  { server, guests: adopted = [] }: Expected,
  guests: ReadonlyMap<string, number | undefined>,
  all: ReadonlyMap<number, HostProcess>,
): ReadonlySet<number> {
  const owned = new Set(server === undefined ? [] : [server, ...descendantsOf(server, all)]);
  for (const name of adopted) {
    const qemu = all.get(guests.get(name) ?? 0);
    if (!qemu) continue;
    owned.add(qemu.pid);
    // It ends with QEMU, and waits for nothing else.
    if (all.get(qemu.parent)?.name === 'unshare') owned.add(qemu.parent);
  }
  return owned;
}

type Place = {
  readonly expected: Expected;
  readonly owned: ReadonlySet<number>;
  readonly all: ReadonlyMap<number, HostProcess>;
  /** Of the server's control groups, as `/proc/<pid>/cgroup` calls them. */
  readonly groups: readonly string[];
};

async function strayProcesses(home: string, { expected, owned, all, groups }: Place): Promise<string[]> {
  const sockets = await unixSockets();
  const earlier = new Map(expected.earlier?.map(({ pid, startTicks }) => [pid, startTicks]));
  const strays = await Promise.all(
    [...all.values()].map(async ({ pid, name, startTicks }) => {
      if (owned.has(pid) || pid === process.pid) return [];
      const targets = [...(await openFiles(pid)).values()];
      const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
      const paths = cgroup.split('\n').map((line) => line.split(':').slice(2).join(':'));
      const signs = [
        ...targets
          .map((target) => sockets.get(target) || target)
          .filter((path) => path.startsWith(`${home}/`))
          .map((path) => `has ${path} open`),
        ...groups
          .filter((group) => paths.some((path) => `${path}/`.startsWith(`${group}/`)))
          .map((group) => `is in ${group}`),
        ...(earlier.get(pid) === startTicks ? ['was started by an earlier server'] : []),
      ];
      return signs.length === 0 ? [] : [`process ${pid} (${name}): ${signs[0]}`];
    }),
  );
  return strays.flat();
}

/** Of the data folder itself: what a killed process was writing, and what tells of a server. */
async function strayFiles(home: string, isServed: boolean): Promise<string[]> {
  const strays: string[] = [];
  for (const folder of ['', 'images', 'templates']) {
    const path = join(home, folder);
    // Tests share one image and one template by links.
    if (!(await lstat(path).catch(() => undefined))?.isDirectory()) continue;
    for (const name of await readdir(path)) {
      const isTemporary = /\.tmp$|^\.staging-/.test(name);
      const isOfServer = folder === '' && (name === 'server.json' || name.endsWith('.sock'));
      if (isTemporary || (isOfServer && !isServed)) strays.push(`file ${join(folder, name)}`);
    }
  }
  return strays;
}

/** Files that the server and its children keep on the disk though nobody can open them any more. */
async function deletedFiles(
  server: number | undefined,
  all: ReadonlyMap<number, HostProcess>,
): Promise<string[]> {
  if (server === undefined) return [];
  const strays: string[] = [];
  for (const pid of [server, ...descendantsOf(server, all)]) {
    for (const target of (await openFiles(pid)).values()) {
      // What is in memory alone has no name from the start.
      if (!target.endsWith(' (deleted)') || /^\/(memfd:|dev\/)/.test(target)) continue;
      strays.push(`process ${pid} (${all.get(pid)?.name}) keeps ${target}`);
    }
  }
  return strays;
}
