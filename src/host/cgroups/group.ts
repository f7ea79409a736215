/** One control group: the same name in each hierarchy that is used, handled as one. */
import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../lib/deadline.ts';
import { isErrno } from '../../lib/files.ts';
import { killNow } from '../../lib/process-identity.ts';
import { type Controller, groupOf, type Hierarchy, nameOf } from './hierarchy.ts';
import type { Setting } from './limits.ts';

/** A place for groups in one hierarchy. */
export type Branch = {
  readonly hierarchy: Hierarchy;
  /** The group below which groups are made, from the mount point. */
  readonly base: string;
  /** What is limited here. */
  readonly controllers: readonly Controller[];
};

/** How long the kernel may take to end what is in a group, ms. */
const KILL_DEADLINE_MS = 5_000;
const KILL_PAUSE_MS = 2;

/** The folder of a group. @param path From the branch's base. */
export const folderOf = ({ hierarchy, base }: Branch, path: string): string =>
  join(hierarchy.mountPoint, base, path);

/**
 * Makes a group in one hierarchy, if it is not there. At once, as {@link applySettings}: the kernel takes some
 * microseconds for each, and a promise of it several times that.
 * @throws {Error} A system error: who may not, or where the hierarchy is read-only.
 */
export function makeGroup(branch: Branch, path: string): void {
  try {
    mkdirSync(folderOf(branch, path), 0o755);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

/**
 * Writes settings in their order.
 * @throws {Error} The first system error, but for optional files that are not there.
 */
export function applySettings(folder: string, settings: readonly Setting[]): void {
  for (const { file, value, optional } of settings) {
    const path = join(folder, file);
    try {
      writeNow(path, value);
    } catch (error) {
      if (!optional || !isErrno(error, 'ENOENT')) throw error;
    }
  }
}

function writeNow(path: string, value: string): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    writeSync(fd, value);
  } finally {
    closeSync(fd);
  }
}

/** Writes to a file of the kernel's, which must be there: one that is not is not made. */
export async function writeControl(path: string, value: string): Promise<void> {
  await writeFile(path, value, { flag: constants.O_WRONLY });
}

/**
 * Puts a process with all its threads into a group; what it starts from then on is in it as well. Hierarchies in
 * which it is there already are left out: the kernel takes some 15 ms for the first change after a pause, as it waits
 * until no CPU looks at the old state any more. Does nothing for a process that is gone.
 */
export async function enter(branches: readonly Branch[], path: string, pid: number): Promise<void> {
  try {
    const memberships = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    for (const branch of branches) {
      const { hierarchy, base } = branch;
      if (groupOf(memberships, hierarchy) === nameOf(hierarchy, join(base, path))) continue;
      await writeControl(join(folderOf(branch, path), 'cgroup.procs'), String(pid));
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** The process is gone: as a file of its folder, or as the number that is written. */
const isGone = (error: unknown): boolean => isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH');

/**
 * Ends every process in a group, and removes it. Who is in a group cannot leave it without the right to write to
 * another, so nothing escapes. Groups in it go as well. Does nothing where there is none.
 * @throws {Error} When something in it does not end in time.
 */
export async function removeGroup(branches: readonly Branch[], path: string): Promise<void> {
  const folders = branches.map((branch) => folderOf(branch, path));
  const deadline = performance.now() + KILL_DEADLINE_MS;
  let hasGroups = true;
  for (let left = folders; ; await sleep(KILL_PAUSE_MS)) {
    const removed = await Promise.all(left.map(tryRemove));
    left = left.filter((_, index) => !removed[index]);
    if (left.length === 0) return;
    if (hasGroups) {
      // That of a guest, most often, has none, and is empty.
      const children = await Promise.all(left.map(listGroups));
      for (const child of new Set(children.flat())) await removeGroup(branches, join(path, child));
      hasGroups = false;
    }
    if (performance.now() > deadline) throw new Error(`the control group ${left.join(', ')} does not empty`);
    for (const folder of left) await killAll(folder);
  }
}

/**
 * As {@link removeGroup}, but for some of the groups in it: with these, the group itself stays.
 * @param keep Names of groups in it.
 */
export async function clearGroup(
  branches: readonly Branch[],
  path: string,
  keep: readonly string[],
): Promise<void> {
  if (keep.length === 0) {
    await removeGroup(branches, path);
    return;
  }
  const children = await Promise.all(branches.map((branch) => listGroups(folderOf(branch, path))));
  const ended = new Set(children.flat().filter((child) => !keep.includes(child)));
  for (const child of ended) await removeGroup(branches, join(path, child));
}

/** Groups in a group. */
async function listGroups(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Whether the group is gone: the kernel removes none that has a live process. */
async function tryRemove(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return true;
    if (isErrno(error, 'EBUSY')) return false;
    throw error;
  }
}

async function killAll(folder: string): Promise<void> {
  // Linux 5.14 and newer end all of a group of version 2 at once.
  if (await tryWrite(join(folder, 'cgroup.kill'), '1')) return;
  // Else one after the other; where the group cannot fork any more, none is missed.
  await tryWrite(join(folder, 'pids.max'), '0');
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const pid = Number(line);
    // Processes that this server's PID namespace does not show are listed as 0, which would be the server's own group.
    if (pid > 1 && pid !== process.pid) killNow(pid);
  }
}

async function tryWrite(path: string, value: string): Promise<boolean> {
  try {
    await writeControl(path, value);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
