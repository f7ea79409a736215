/**
 * Where on this host groups can be made, and with which controllers. Nothing tells beforehand what the kernel will allow:
 * not the user, nor the files' modes. So it is tried, with the very settings that guests get.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno, listFolder } from '../../lib/files.ts';
import { countCpus } from '../load.ts';
import {
  applySettings,
  type Branch,
  clearGroup,
  folderOf,
  makeGroup,
  removeGroup,
  writeControl,
} from './group.ts';
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

/** Why a controller cannot be had. */
type Failures = Map<Controller, string>;

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
 * that name is ended first, but for the guests to be kept.
 * @param memoryBytes What all guests together may use.
 * @param keep Groups of guests.
 * @throws {Error} When the kernel's files cannot be read.
 */
export async function openBranches(
  name: string,
  limits: GuestLimits,
  memoryBytes: number,
  keep: readonly string[],
): Promise<Branches> {
  const branches: Branch[] = [];
  const failures: Failures = new Map();
  const [mountinfo, cgroup] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    readFile('/proc/self/cgroup', 'utf8'),
  ]);
  for (const hierarchy of findHierarchies(mountinfo, cgroup)) {
    const base = baseOf(hierarchy);
    const offered: Branch = { hierarchy, base, controllers: await offeredBy(hierarchy, base) };
    if (offered.controllers.length === 0) continue;
    const pool = { memoryBytes, weight: poolWeight(hierarchy.own === '', countCpus()) };
    try {
      await makeRoom(offered);
      await clearGroup([offered], name, keep);
      const controllers = await tryControllers(offered, name, { pool, guest: limits }, failures);
      if (controllers.length > 0) branches.push({ ...offered, controllers });
      else await clearGroup([offered], name, keep);
    } catch (error) {
      for (const controller of offered.controllers) failures.set(controller, reason(error));
    }
  }
  if (!limits.io) failures.set('io', 'the image is on no single disk that the kernel could limit');
  const present = branches.flatMap(({ controllers }) => controllers);
  const missing = CONTROLLERS.filter((each) => !present.includes(each) || failures.has(each)).map((each) => ({
    layer: LAYERS[each],
    why:
      failures.get(each) ?? 'no control groups with it are mounted, or none with it was given to the server',
  }));
  return { branches, missing };
}

/** Makes the group of all guests with those controllers that can limit it and a guest in it; gives these. */
async function tryControllers(
  offered: Branch,
  name: string,
  limits: { readonly pool: PoolLimits; readonly guest: GuestLimits },
  failures: Failures,
): Promise<Controller[]> {
  const working: Controller[] = [];
  for (const controller of offered.controllers) {
    const branch = { ...offered, controllers: [controller] };
    try {
      await makePoolGroup(branch, name, limits.pool);
      await using stack = new AsyncDisposableStack();
      stack.defer(() => removeGroup([branch], join(name, TRIAL_GROUP)));
      makeGuestGroup(branch, join(name, TRIAL_GROUP), limits.guest);
      working.push(controller);
    } catch (error) {
      failures.set(controller, reason(error));
    }
  }
  return working;
}

async function makePoolGroup(branch: Branch, name: string, limits: PoolLimits): Promise<void> {
  const { version } = branch.hierarchy;
  if (version === 2) await delegate(branch, '');
  makeGroup(branch, name);
  if (version === 2) await delegate(branch, name);
  for (const controller of branch.controllers) {
    applySettings(folderOf(branch, name), poolSettings(version, controller, limits));
  }
}

/**
 * Makes the group of a guest in one hierarchy.
 * @throws {Error} A system error, when the kernel refuses.
 */
export function makeGuestGroup(branch: Branch, path: string, limits: GuestLimits): void {
  makeGroup(branch, path);
  for (const controller of branch.controllers) {
    applySettings(folderOf(branch, path), guestSettings(branch.hierarchy.version, controller, limits));
  }
}

/**
 * Where groups are made, from the mount point. In version 1: at the top, as Docker does. In version 2: for root beside
 * the unit of systemd's that the server runs in, else at the top; for a plain user below its own group, where that was
 * given to it.
 */
export function baseOf({ version, own }: Hierarchy, isRoot = process.getuid?.() === 0): string {
  if (version === 1) return '';
  const given = basename(own) === SERVER_GROUP ? parentOf(own) : own;
  if (!isRoot) return given;
  // Not within the unit: guests outlive the server, and systemd could not start it again while a group of it that has
  // processes is divided (systemd pull request 41304).
  return given.endsWith('.service') ? parentOf(given) : '';
}

const parentOf = (path: string) => dirname(path).replace(/^\.$/, '');

async function offeredBy(
  { version, mountPoint, controllers }: Hierarchy,
  base: string,
): Promise<readonly Controller[]> {
  if (version === 1) return controllers;
  return parseControllers(await readFile(join(mountPoint, base, 'cgroup.controllers'), 'utf8'));
}

/** Lets groups in a group of version 2 have its controllers. */
const delegate = (branch: Branch, path: string): Promise<void> =>
  writeControl(
    join(folderOf(branch, path), 'cgroup.subtree_control'),
    branch.controllers.map((controller) => `+${controller}`).join(' '),
  );

/**
 * Moves the server into a group beside those of the guests where it is in the very group to be divided: in version 2,
 * one that has processes has no groups, but for the root of all (cgroup-v2.rst, "No Internal Process Constraint").
 * @throws {Error} When other processes are there too; the server is then where it was.
 */
async function makeRoom(place: Branch): Promise<void> {
  const { hierarchy, base } = place;
  if (hierarchy.version === 1 || hierarchy.own !== base) return;
  const folder = folderOf(place, '');
  // The root of all, and only that, has no type.
  if (!(await listFolder(folder)).includes('cgroup.type')) return;
  const move = (path: string) =>
    writeControl(join(folderOf(place, path), 'cgroup.procs'), String(process.pid));
  makeGroup(place, SERVER_GROUP);
  await move(SERVER_GROUP);
  if ((await readFile(join(folder, 'cgroup.procs'), 'utf8')) === '') return;
  await move('');
  await removeGroup([place], SERVER_GROUP);
  throw new Error('other processes are in the group that the server would divide');
}

function reason(error: unknown): string {
  if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM')) {
    return 'the server does not run as root, and was given no group of its own to divide';
  }
  if (isErrno(error, 'EROFS')) return 'the control groups are mounted read-only';
  return error instanceof Error ? error.message : String(error);
}
