/** What guests may use of the host, and how either version of control groups is told. Pure. */
import type { Controller } from './hierarchy.ts';

/** A file in a group's folder and what is written to it. */
export type Setting = {
  readonly file: string;
  readonly value: string;
  /** Only some kernels have the file. */
  readonly optional?: true;
};

/** Who a guest works for. */
export type Priority = 'refill' | 'claimed';

/** A parent is forked, and is nobody's. */
export type GuestKind = 'guest' | 'parent';

export type GuestLimits = {
  /** Null: as much as all guests together may have. */
  readonly memoryBytes: number | null;
  /** Processes and threads. */
  readonly threads: number;
  /** CPU time in each {@link CPU_PERIOD_US}, µs. */
  readonly cpuQuotaUs: number;
  readonly io: IoLimits | null;
};

export type IoLimits = {
  /** The disk, as `254:0`. */
  readonly disk: string;
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
};

/** What all guests together may use. */
export type PoolLimits = {
  readonly memoryBytes: number;
  /** Weight against the groups or processes beside it; see {@link poolWeight}. */
  readonly weight: number;
};

/** Weight of a group unless told otherwise, and of a process of priority 0 (cgroup-v2.rst, "CPU Interface Files"). */
const DEFAULT_WEIGHT = 100;
const HIGHEST_WEIGHT = 10_000;
/** What version 1 has for {@link DEFAULT_WEIGHT} (sched-design-CFS.rst, "CFS Group Scheduling"). */
const DEFAULT_SHARES = 1024;

/**
 * A guest in the making gives way to those that run somebody's code, yet gets on: while others burn all of the CPU, the
 * next request waits for it, and its proof has deadlines (`guest/ready.ts`).
 */
const WEIGHT: Readonly<Record<Priority, number>> = { refill: DEFAULT_WEIGHT / 2, claimed: DEFAULT_WEIGHT };

/** The kernel's own default. */
const CPU_PERIOD_US = 100_000;

/** A guest has one CPU. QEMU's own threads, which serve its devices, need little beside it. */
const CPU_QUOTA_US = 125_000;

/** QEMU starts a few threads, and more while the guest reads from its disk. */
const THREADS = 64;

const MIB = 2 ** 20;

/**
 * What QEMU may take beside the guest's RAM: its own heap, page tables, buffers of its sockets; under TCG the
 * translated code too, of which it keeps 384 MiB (`guest/command-line.ts`). Measured under TCG with a cache of 128 MiB: 94 MiB
 * when the guest is ready, 165 MiB after programs that fill that cache.
 */
const QEMU_BYTES = { kvm: 96 * MIB, tcg: 512 * MIB } as const;

/**
 * A guest reads its root image, mostly from the host's page cache, which is not counted here, and writes nothing.
 * The ceilings keep one that reads past the cache from taking a disk for itself.
 */
const IO = {
  readBytesPerSecond: 128 * MIB,
  writeBytesPerSecond: 16 * MIB,
  readsPerSecond: 4096,
  writesPerSecond: 512,
} as const;

/**
 * The limits of a guest.
 * @param memoryMiB The guest's RAM. What it writes of its private view is counted to it; what it only reads was
 * counted to the server, which filled the memory file.
 * @param disk The disk that holds its root image, as `254:0`; null when there is none to be found.
 */
export const guestLimits = (
  memoryMiB: number,
  accelerator: keyof typeof QEMU_BYTES,
  disk: string | null,
): GuestLimits & { readonly memoryBytes: number } => ({
  memoryBytes: memoryMiB * MIB + QEMU_BYTES[accelerator],
  threads: THREADS,
  cpuQuotaUs: CPU_QUOTA_US,
  io: disk === null ? null : { disk, ...IO },
});

/**
 * The limits of one of that kind.
 *
 * What a parent has replaced of its memory stays counted to it while a fork shares it: how much that is depends on when each
 * fork was made, up to a whole RAM and cache more after its memory was put into large pages. It runs our own programs alone.
 */
export const limitsFor = (kind: GuestKind, limits: GuestLimits): GuestLimits =>
  kind === 'parent' ? { ...limits, memoryBytes: null } : limits;

/**
 * The weight of all guests together.
 *
 * Beside the group that holds all guests are other groups, each of which the kernel weighs as a whole: then the
 * default is right. A group's weight is spread over the CPUs by where its threads run, so one busy thread of another
 * group has all of that group's weight on its CPU, against a part of the guests'.
 *
 * Where the server is in the root group, each of its threads competes on its own, as if in a group of default weight
 * (cgroup-v2.rst, "Weights" and "CPU"; in version 1 the same code decides). With the default, guests that burn all of `n` CPUs
 * had 1/n of a thread's weight on each, and any process of the host would push them aside. With `n` times the default,
 * they weigh as one process on each CPU: the server's thread has half a CPU for sure, however many guests burn. It
 * needs less, and a thread that slept is served before those that used up their share.
 *
 * There is no quota for all guests: it would stop them all at once for a part of each period, and leave the CPU idle.
 * @param bare Whether the server is in the root group.
 */
export const poolWeight = (bare: boolean, cpus: number): number =>
  bare ? Math.min(HIGHEST_WEIGHT, DEFAULT_WEIGHT * cpus) : DEFAULT_WEIGHT;

/** How a guest's group is limited. */
export function guestSettings(version: 1 | 2, controller: Controller, limits: GuestLimits): Setting[] {
  switch (controller) {
    case 'memory':
      return version === 2
        ? [...memorySettings(version, limits.memoryBytes), { file: 'memory.oom.group', value: '1' }]
        : memorySettings(version, limits.memoryBytes);
    case 'cpu':
      return [...quotaSettings(version, limits.cpuQuotaUs), ...prioritySettings(version, 'refill')];
    case 'pids':
      return [{ file: 'pids.max', value: String(limits.threads) }];
    case 'io':
      return limits.io ? ioSettings(version, limits.io) : [];
  }
}

/** How the group of all guests is limited. */
export function poolSettings(version: 1 | 2, controller: Controller, limits: PoolLimits): Setting[] {
  switch (controller) {
    case 'memory': {
      const memory = memorySettings(version, limits.memoryBytes);
      // Kernels before 5.11 count a group apart from those in it unless told so.
      return version === 2
        ? memory
        : [{ file: 'memory.use_hierarchy', value: '1', optional: true }, ...memory];
    }
    case 'cpu':
      return [weightSetting(version, limits.weight)];
    case 'pids':
    case 'io':
      return [];
  }
}

/** How a guest's group is told who it works for. */
export const prioritySettings = (version: 1 | 2, priority: Priority): Setting[] => [
  weightSetting(version, WEIGHT[priority]),
];

function weightSetting(version: 1 | 2, weight: number): Setting {
  return version === 2
    ? { file: 'cpu.weight', value: String(weight) }
    : { file: 'cpu.shares', value: String(Math.round((weight * DEFAULT_SHARES) / DEFAULT_WEIGHT)) };
}

/** No swap: it would put guests' memory on the host's disk. A kernel without swap accounting lacks these files. */
function memorySettings(version: 1 | 2, bytes: number | null): Setting[] {
  const value = bytes === null ? { 1: '-1', 2: 'max' }[version] : String(bytes);
  return version === 2
    ? [
        { file: 'memory.max', value },
        { file: 'memory.swap.max', value: '0', optional: true },
      ]
    : [
        { file: 'memory.limit_in_bytes', value },
        { file: 'memory.memsw.limit_in_bytes', value, optional: true },
        { file: 'memory.swappiness', value: '0', optional: true },
      ];
}

function quotaSettings(version: 1 | 2, quotaUs: number): Setting[] {
  return version === 2
    ? [{ file: 'cpu.max', value: `${quotaUs} ${CPU_PERIOD_US}` }]
    : [
        { file: 'cpu.cfs_period_us', value: String(CPU_PERIOD_US) },
        { file: 'cpu.cfs_quota_us', value: String(quotaUs) },
      ];
}

function ioSettings(version: 1 | 2, io: IoLimits): Setting[] {
  const { disk, readBytesPerSecond, writeBytesPerSecond, readsPerSecond, writesPerSecond } = io;
  if (version === 2) {
    const bytes = `rbps=${readBytesPerSecond} wbps=${writeBytesPerSecond}`;
    return [{ file: 'io.max', value: `${disk} ${bytes} riops=${readsPerSecond} wiops=${writesPerSecond}` }];
  }
  const throttle = (name: string, value: number) => ({
    file: `blkio.throttle.${name}_device`,
    value: `${disk} ${value}`,
  });
  return [
    throttle('read_bps', readBytesPerSecond),
    throttle('write_bps', writeBytesPerSecond),
    throttle('read_iops', readsPerSecond),
    throttle('write_iops', writesPerSecond),
  ];
}
