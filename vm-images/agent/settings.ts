/** Where the agent finds things and whom programs run as. */
import { readFileSync } from 'node:fs';

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
  readonly limits: { readonly memoryBytes: number; readonly processes: number };
};

const MIB = 1024 * 1024;
/** What stays for the kernel, the agent and the waiting interpreters when a run takes all it may. */
const RESERVED_BYTES = 72 * MIB;
const PROCESSES = 128;

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
    limits: { memoryBytes: runMemoryBytes(readFileSync('/proc/meminfo', 'utf8')), processes: PROCESSES },
  };
}

/** Memory that a run may take: all but the reserve, and at least half, of what `/proc/meminfo` says there is. */
export function runMemoryBytes(meminfo: string): number {
  const totalKiB = Number(/^MemTotal:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0);
  const total = totalKiB * 1024;
  return Math.max(total - RESERVED_BYTES, Math.floor(total / 2));
}
