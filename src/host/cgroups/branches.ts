/**
 * Where on this host groups can be made, and with which controllers. Nothing tells beforehand what the kernel will allow:
 * not the user, nor the files' modes. So it is tried, with the very settings that guests get.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno } from '../../lib/files.ts';
import { countCpus } from '../load.ts';
import { applySettings, type Branch, folderOf, makeGroup, removeGroup, writeControl } from './group.ts';
import {
  CONTROLLERS,
  type Controller,
  findHierarchies,
  type Hierarchy,
  parseControllers,
} from './hierarchy.ts';
import { type GuestLimits, guestSettings, type PoolLimits, poolSettings, poolWeight } from './limits.ts';

/** What cannot be had here, and why, for the operator. */
export type MissingLimit = { readonly layer: string; readonly why: string };

export type Branches = {
  readonly branches: readonly Branch[];
  /** The limits that guests are not held by. */
  readonly missing: readonly MissingLimit[];
};

const LAYERS: Readonly<Record<Controller, string>> = {
  memory: 'memory limit',
  cpu: 'CPU limit',
  pids: 'process limit',
  io: 'I/O limit',
};

/** Group that the server moves into where it is in the way of groups beside it. */
const SERVER_GROUP = 'codeland-server';

/** Group in which the settings of a guest are tried. */
const TRIAL_GROUP = 'trial';

/**
 * Makes the group of all guests in each hierarchy that lets it, with the controllers that work there. What is in groups of
 * that name is ended first.
 * @param memoryBytes What all guests together may use.
 * @throws {Error} When the kernel's files cannot be read.
 */
export async function openBranches(
  name: string,
  limits: GuestLimits,
  memoryBytes: number,
): Promise<Branches> {
  const branches: Branch[] = [];
  const failures = new Map<Controller, string>();
  const [mountinfo, cgroup] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    readFile('/proc/self/cgroup', 'utf8'),
  ]);
  for (const hierarchy of findHierarchies(mountinfo, cgroup)) {
    const base = baseOf(hierarchy);
    const place = { hierarchy, base, controllers: [] };
    const controllers: Controller[] = [];
    const pool = { memoryBytes, weight: poolWeight(hierarchy.own === '', countCpus()) };
    for (const controller of await offeredBy(hierarchy, base)) {
      const branch: Branch = { hierarchy, base, controllers: [controller] };
      try {
        if (controllers.length === 0) await removeGroup([place], name);
        await makePoolGroup(branch, name, pool);
        await using stack = new AsyncDisposableStack();
        stack.defer(() => removeGroup([place], join(name, TRIAL_GROUP)));
        await makeGuestGroup(branch, join(name, TRIAL_GROUP), limits);
        controllers.push(controller);
      } catch (error) {
        failures.set(controller, reason(error));
      }
    }
    if (controllers.length > 0) branches.push({ ...place, controllers });
    else await removeGroup([place], name).catch(() => {});
  }
  if (!limits.io) failures.set('io', 'the image is on no single disk that the kernel could limit');
  const present = branches.flatMap(({ controllers }) => controllers);
  const missing = CONTROLLERS.filter((each) => !present.includes(each) || failures.has(each)).map((each) => ({
    layer: LAYERS[each],
    why: failures.get(each) ?? 'this host has no control groups with it mounted',
  }));
  return { branches, missing };
}

async function makePoolGroup(branch: Branch, name: string, limits: PoolLimits): Promise<void> {
  const { version } = branch.hierarchy;
  if (version === 2) await delegate(branch, '');
  await makeGroup(branch, name);
  if (version === 2) await delegate(branch, name);
  for (const controller of branch.controllers) {
    await applySettings(folderOf(branch, name), poolSettings(version, controller, limits));
  }
}

/**
 * Makes the group of a guest in one hierarchy.
 * @throws {Error} A system error, when the kernel refuses.
 */
export async function makeGuestGroup(branch: Branch, path: string, limits: GuestLimits): Promise<void> {
  await makeGroup(branch, path);
  for (const controller of branch.controllers) {
    await applySettings(folderOf(branch, path), guestSettings(branch.hierarchy.version, controller, limits));
  }
}

/**
 * Where groups are made, from the mount point. In version 1: at the top, as Docker does. In version 2 below the
 * server's own group where that was given to it: a unit of systemd's with `Delegate=yes`, or whatever a plain user
 * may write to; else at the top.
 */
function baseOf({ version, own }: Hierarchy): string {
  if (version === 1) return '';
  const given = basename(own) === SERVER_GROUP ? dirname(own).replace(/^\.$/, '') : own;
  return given.endsWith('.service') || process.getuid?.() !== 0 ? given : '';
}

async function offeredBy(
  { version, mountPoint, controllers }: Hierarchy,
  base: string,
): Promise<readonly Controller[]> {
  if (version === 1) return controllers;
  return parseControllers(await readFile(join(mountPoint, base, 'cgroup.controllers'), 'utf8'));
}

/**
 * Lets groups in a group of version 2 have its controllers. One that has processes itself may not give them on, but
 * for the root (cgroup-v2.rst, "No Internal Process Constraint"): where it is the server that is in the way, it moves
 * into a group beside them.
 * @throws {Error} A system error; the server is then where it was.
 */
async function delegate(branch: Branch, path: string): Promise<void> {
  const folder = folderOf(branch, path);
  const enable = () =>
    writeControl(
      join(folder, 'cgroup.subtree_control'),
      branch.controllers.map((controller) => `+${controller}`).join(' '),
    );
  const move = (group: string) => writeControl(join(group, 'cgroup.procs'), String(process.pid));
  try {
    await enable();
  } catch (error) {
    if (!isErrno(error, 'EBUSY')) throw error;
    const aside = join(path, SERVER_GROUP);
    await makeGroup(branch, aside);
    await move(folderOf(branch, aside));
    try {
      await enable();
    } catch (cause) {
      await move(folder);
      await removeGroup([branch], aside);
      throw cause;
    }
  }
}

function reason(error: unknown): string {
  if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM')) {
    return 'the server does not run as root, and was given no group of its own to divide';
  }
  if (isErrno(error, 'EROFS')) return 'the control groups are mounted read-only';
  if (isErrno(error, 'EBUSY')) return 'other processes are in the group that the server would divide';
  return error instanceof Error ? error.message : String(error);
}
