/**
 * What guests may use of this host, kept by the kernel: a control group for each guest, in one for all guests of this
 * server. A controller that cannot be had is left out and named; the service runs without it.
 */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../lib/digest.ts';
import { isErrno } from '../../lib/files.ts';
import { readHostMemory } from '../memory.ts';
import { type Branches, type MissingLimit, makeGuestGroup, openBranches } from './branches.ts';
import { findDisk } from './disk.ts';
import { applySettings, type Branch, enter, folderOf, removeGroup, writeControl } from './group.ts';
import {
  type GuestKind,
  type GuestLimits,
  guestLimits,
  limitsFor,
  type Priority,
  prioritySettings,
} from './limits.ts';

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
  /** Guests of an earlier server that go on. */
  readonly keep?: readonly string[];
};

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

  private constructor(name: string, { branches, missing }: Branches, limits: GuestLimits) {
    this.#name = name;
    this.#branches = branches;
    this.missing = missing;
    this.#limits = limits;
  }

  /**
   * Makes the group of all guests. What an earlier server of that name left in it is ended, but for what is to be kept:
   * nothing gets out of its group, so this finds each left-over QEMU.
   * @throws {Error} When the kernel's files cannot be read, or there is no such image.
   */
  static async open(options: CgroupsOptions): Promise<Cgroups> {
    const { name, accelerator, guestMemoryMiB, image, reserveBytes, keep = [] } = options;
    const limits = guestLimits(guestMemoryMiB, accelerator, await findDisk(image));
    const memoryBytes = Math.max(limits.memoryBytes, readHostMemory().totalBytes - reserveBytes);
    return new Cgroups(name, await openBranches(name, limits, memoryBytes, keep), limits);
  }

  /**
   * Makes the group of a guest, which weighs as one in the making.
   * @param name No other guest has it; a file name.
   * @throws {Error} A system error, when the kernel refuses.
   */
  async guest(name: string, kind: GuestKind = 'guest'): Promise<GuestCgroup> {
    const path = join(this.#name, name);
    const limits = limitsFor(kind, this.#limits);
    try {
      for (const branch of this.#branches) makeGuestGroup(branch, path, limits);
    } catch (error) {
      await removeGroup(this.#branches, path);
      throw error;
    }
    return new GuestCgroup(this.#branches, path);
  }

  /** The group of a guest that was kept. */
  adopt(name: string): GuestCgroup {
    return new GuestCgroup(this.#branches, join(this.#name, name));
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
      applySettings(folderOf(branch, this.#path), prioritySettings(branch.hierarchy.version, priority));
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
