/** Where the agent finds things and whom programs run as. */
import { readFileSync } from 'node:fs';
import type { CgroupLimits } from './cgroup.ts';

export type Settings = {
  /** The port's device node, a descriptor that is open already, or undefined: the port is looked up by name. */
  readonly port: string | number | undefined;
  /** The agent's files in the guest. */
  readonly files: string;
  /** Working directory and home of every program. */
  readonly home: string;
  /** Other folders that programs may write to; a warm-up leaves them without files of the user. */
  readonly scratch: readonly string[];
  /** Folder for what a slot needs on disk. */
  readonly runtime: string;
  /** Control group that holds one group for each slot, and what is written to its `cgroup.subtree_control`. */
  readonly cgroup: string;
  readonly controllers: string;
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number };
  /** Of each run, and of all of them with the waiting interpreters and what programs have written. */
  readonly limits: { readonly run: CgroupLimits; readonly all: CgroupLimits };
};

const MIB = 1024 * 1024;
/** What stays for the kernel and the agent. */
const RESERVED_BYTES = 48 * MIB;
/** What stays for the waiting interpreters besides when a run takes all it may. */
const WAITING_BYTES = 24 * MIB;
const PROCESSES = { run: 128, all: 1024 };

/** Settings in the guest. */
export function guestSettings(): Settings {
  return {
    port: undefined,
    files: import.meta.dirname,
    home: '/home/runner',
    scratch: ['/tmp', '/var/tmp', '/dev/shm'],
    runtime: '/run/codeland',
    cgroup: '/sys/fs/cgroup/runs',
    controllers: '+cpu +memory +pids',
    user: { name: 'runner', uid: 1000, gid: 1000 },
    limits: guestLimits(readFileSync('/proc/meminfo', 'utf8')),
  };
}

/** What programs may take: all but the reserves, and at least half, of what `/proc/meminfo` says there is. */
export function guestLimits(meminfo: string): Settings['limits'] {
  const totalKiB = Number(/^MemTotal:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0);
  const total = totalKiB * 1024;
  const half = Math.floor(total / 2);
  const all = Math.max(total - RESERVED_BYTES, half);
  return {
    run: { memoryBytes: Math.max(all - WAITING_BYTES, half), processes: PROCESSES.run },
    all: { memoryBytes: all, processes: PROCESSES.all },
  };
}
