/**
 * What guests may use of this host, kept by the kernel: a control group for each guest, in one for all guests of this
 * server. A controller that cannot be had is left out and named; the service runs without it.
 */
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../../lib/digest.ts';
import { isErrno } from '../../lib/files.ts';
import { countCpus } from '../load.ts';
import { readHostMemory } from '../memory.ts';
import { findDisk } from './disk.ts';
import {
  applySettings,
  type Branch,
  enter,
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
import {
  type GuestLimits,
  guestLimits,
  guestSettings,
  type PoolLimits,
  type Priority,
  poolSettings,
  poolWeight,
  prioritySettings,
} from './limits.ts';

/** What cannot be had here, and why, for the operator. */
export type MissingLimit = { readonly layer: string; readonly why: string };

export type CgroupsOptions = {
  /** Name of the group of all guests; see {@link groupName}. */
  readonly name: string;
  readonly accelerator: 'kvm' | 'tcg';
  /** RAM of a guest, MiB. */
  readonly guestMemoryMiB: number;
  /** The guests' root image: what they read and write of its disk is limited. */
  readonly image: string;
  /** Host memory that guests never get, bytes. */
  readonly reserveBytes: number;
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
 * The host's OOM killer takes processes with the highest figure first, and this is the highest (proc(5),
 * `/proc/pid/oom_score_adj`): guests can be replaced, the server and what else runs here cannot.
 */
const OOM_SCORE = '1000';

/** Name of the group of a server's guests: each data folder has its own, as several servers may run on a host. */
export const groupName = async (home: string): Promise<string> =>
  `codeland-${sha256(await realpath(home)).slice(0, 12)}`;

/**
 * The limits that cannot be had here. Leaves nothing behind, and touches no group of a server that runs.
 * @throws {Error} When the kernel's files cannot be read.
 */
export async function missingLimits(options: Omit<CgroupsOptions, 'name'>): Promise<readonly MissingLimit[]> {
  await using cgroups = await Cgroups.open({ ...options, name: `codeland-look-${process.pid}` });
  return cgroups.missing;
}

export class Cgroups implements AsyncDisposable {
  /** The limits that guests are not held by. */
  readonly missing: readonly MissingLimit[];
  readonly #name: string;
  readonly #branches: readonly Branch[];
  readonly #limits: GuestLimits;

  private constructor(
    name: string,
    { branches, missing }: { branches: readonly Branch[]; missing: readonly MissingLimit[] },
    limits: GuestLimits,
  ) {
    this.#name = name;
    this.#branches = branches;
    this.missing = missing;
    this.#limits = limits;
  }

  /**
   * Makes the group of all guests. What an earlier server of that name left in it is ended: nothing gets out of its
   * group, so this finds each left-over QEMU.
   * @throws {Error} When the kernel's files cannot be read, or there is no such image.
   */
  static async open(options: CgroupsOptions): Promise<Cgroups> {
    const { name, accelerator, guestMemoryMiB, image, reserveBytes } = options;
    const limits = guestLimits(guestMemoryMiB, accelerator, await findDisk(image));
    const memoryBytes = Math.max(limits.memoryBytes, readHostMemory().totalBytes - reserveBytes);
    return new Cgroups(name, await openBranches(name, limits, memoryBytes), limits);
  }

  /**
   * Makes the group of a guest, which weighs as one in the making.
   * @param name No other guest has it; a file name.
   * @throws {Error} A system error, when the kernel refuses.
   */
  async guest(name: string): Promise<GuestCgroup> {
    const path = join(this.#name, name);
    try {
      for (const branch of this.#branches) await makeGuestGroup(branch, path, this.#limits);
    } catch (error) {
      await removeGroup(this.#branches, path);
      throw error;
    }
    return new GuestCgroup(this.#branches, path);
  }

  /** Ends what is left of the guests, and removes the group. */
  async [Symbol.asyncDispose](): Promise<void> {
    await removeGroup(this.#branches, this.#name);
  }
}

/** The group of one guest. */
export class GuestCgroup implements AsyncDisposable {
  readonly #branches: readonly Branch[];
  readonly #path: string;

  constructor(branches: readonly Branch[], path: string) {
    this.#branches = branches;
    this.#path = path;
  }

  /**
   * Puts a process, and what it starts from then on, into the group, and has it taken first when the host runs out
   * of memory. Does nothing for a process that is gone.
   * @throws {Error} A system error, when the kernel refuses.
   */
  async add(pid: number): Promise<void> {
    await enter(this.#branches, this.#path, pid);
    try {
      await writeControl(`/proc/${pid}/oom_score_adj`, OOM_SCORE);
    } catch (error) {
      // ESRCH and ENOENT: it is gone. EACCES: without root, a process of another user is its own.
      if (!['ESRCH', 'ENOENT', 'EACCES'].some((code) => isErrno(error, code))) throw error;
    }
  }

  /** Says who the guest works for from now on. */
  async prioritize(priority: Priority): Promise<void> {
    for (const branch of this.#branches) {
      if (!branch.controllers.includes('cpu')) continue;
      await applySettings(folderOf(branch, this.#path), prioritySettings(branch.hierarchy.version, priority));
    }
  }

  /**
   * Ends every process in the group, and removes it. Does nothing after the first time.
   * @throws {Error} When something in it does not end within 5 s.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return removeGroup(this.#branches, this.#path);
  }
}

/** Makes the group of all guests in each hierarchy that lets it, with the controllers that work there. */
async function openBranches(name: string, limits: GuestLimits, memoryBytes: number) {
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
    const pool = { memoryBytes, weight: poolWeight(hierarchy.own === base, countCpus()) };
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

async function makeGuestGroup(branch: Branch, path: string, limits: GuestLimits): Promise<void> {
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
