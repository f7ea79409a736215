/** One control group (cgroup v2): the walls around a run's processes, and what is known about them. */
import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libc } from './libc.ts';

export type CgroupLimits = { readonly memoryBytes: number; readonly processes: number };

export class Cgroup implements Disposable {
  readonly path: string;
  /** Kept open: reading one again costs a single system call. Undefined where the kernel has no such file. */
  readonly #cpuStat: number | undefined;
  readonly #memoryPeak: number | undefined;
  readonly #memoryEvents: number | undefined;

  private constructor(path: string) {
    this.path = path;
    this.#cpuStat = openIfThere(join(path, 'cpu.stat'));
    this.#memoryPeak = openIfThere(join(path, 'memory.peak'));
    this.#memoryEvents = openIfThere(join(path, 'memory.events'));
  }

  /** Makes a new group. @throws When there is one at `path` already or a limit cannot be set. */
  static create(path: string, limits: CgroupLimits): Cgroup {
    mkdirSync(path);
    const settings = {
      'memory.max': limits.memoryBytes,
      'memory.swap.max': 0,
      'memory.oom.group': 1,
      'pids.max': limits.processes,
    };
    const files = new Set(readdirSync(path));
    for (const [file, value] of Object.entries(settings))
      if (files.has(file)) writeFileSync(join(path, file), String(value));
    return new Cgroup(path);
  }

  /** The file that a process writes 0 to in order to join. */
  get joinFile(): string {
    return join(this.path, 'cgroup.procs');
  }

  /** User and system CPU time of all processes that are or were in the group, microseconds. */
  cpuMicros(): number {
    return field(this.#cpuStat, 'usage_usec') ?? 0;
  }

  /** Most memory that the group ever held, bytes; null when the kernel does not tell. */
  peakMemoryBytes(): number | null {
    const peak = Number(readAgain(this.#memoryPeak));
    return peak > 0 ? peak : null;
  }

  /** Processes that the kernel killed because the group was at its memory limit. */
  memoryKills(): number {
    return field(this.#memoryEvents, 'oom_kill') ?? 0;
  }

  /** Sends SIGKILL to every process in the group, also to those that are being forked. */
  kill(): void {
    writeFileSync(join(this.path, 'cgroup.kill'), '1');
  }

  /** Whether a process, ended but not yet waited for included, is in the group. */
  isPopulated(): boolean {
    const fd = openIfThere(join(this.path, 'cgroup.events'));
    const populated = field(fd, 'populated') === 1;
    if (fd !== undefined) closeSync(fd);
    return populated;
  }

  /** Removes the group. @throws When processes are left in it. */
  [Symbol.dispose](): void {
    for (const fd of [this.#cpuStat, this.#memoryPeak, this.#memoryEvents])
      if (fd !== undefined) closeSync(fd);
    rmdirSync(this.path);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

const buffer = Buffer.alloc(4096);

function readAgain(fd: number | undefined): string {
  if (fd === undefined) return '';
  const count = Number(libc.pread(fd, buffer, buffer.length, 0));
  return buffer.toString('latin1', 0, Math.max(0, count));
}

/** The number after `name` in a file of `name value` lines. */
function field(fd: number | undefined, name: string): number | undefined {
  for (const line of readAgain(fd).split('\n'))
    if (line.startsWith(`${name} `)) return Number(line.slice(name.length + 1));
  return undefined;
}
