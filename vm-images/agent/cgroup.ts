/** One control group (cgroup v2): the walls around a run's processes, and what is known about them. */
import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KernelFile } from './kernel-file.ts';

export type CgroupLimits = { readonly memoryBytes: number; readonly processes: number };

export class Cgroup implements Disposable {
  readonly path: string;
  readonly #cpuStat: KernelFile | undefined;
  readonly #memoryPeak: KernelFile | undefined;
  readonly #memoryEvents: KernelFile | undefined;
  /** Tells with POLLPRI that {@link isPopulated} may have changed since it was last called. */
  readonly events: KernelFile;

  private constructor(path: string) {
    this.path = path;
    this.#cpuStat = KernelFile.ifThere(join(path, 'cpu.stat'));
    this.#memoryPeak = KernelFile.ifThere(join(path, 'memory.peak'));
    this.#memoryEvents = KernelFile.ifThere(join(path, 'memory.events'));
    this.events = new KernelFile(join(path, 'cgroup.events'));
  }

  /** Makes a new group. @throws When there is one at `path` already or a limit cannot be set. */
  static create(path: string, limits: CgroupLimits): Cgroup {
    mkdirSync(path);
    // All of its processes or none: half a program is of no use to anybody.
    limitGroup(path, limits, { 'memory.oom.group': 1 });
    return new Cgroup(path);
  }

  /** The file that a process writes 0 to in order to join. */
  get joinFile(): string {
    return join(this.path, 'cgroup.procs');
  }

  /** User and system CPU time of all processes that are or were in the group, microseconds. */
  cpuMicros(): number {
    return this.#cpuStat?.number('usage_usec') ?? 0;
  }

  /** Most memory that the group ever held, bytes; null when the kernel does not tell. */
  peakMemoryBytes(): number | null {
    const peak = Number(this.#memoryPeak?.read());
    return peak > 0 ? peak : null;
  }

  /** Processes that the kernel killed because the group was at its memory limit. */
  memoryKills(): number {
    return this.#memoryEvents?.number('oom_kill') ?? 0;
  }

  /** Sends SIGKILL to every process in the group, also to those that are being forked. */
  kill(): void {
    writeFileSync(join(this.path, 'cgroup.kill'), '1');
  }

  /** Whether a process, ended but not yet waited for included, is in the group. */
  isPopulated(): boolean {
    return this.events.number('populated') === 1;
  }

  /** Removes the group. @throws When processes are left in it. */
  [Symbol.dispose](): void {
    for (const file of [this.events, this.#cpuStat, this.#memoryPeak, this.#memoryEvents])
      file?.[Symbol.dispose]();
    rmdirSync(this.path);
  }
}

/** Makes the group that holds the others. @throws When a limit cannot be set. */
export function createParentGroup(path: string, limits: CgroupLimits, controllers: string): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'cgroup.subtree_control'), controllers);
  limitGroup(path, limits);
}

/** Sets those limits that the kernel knows. */
function limitGroup(path: string, { memoryBytes, processes }: CgroupLimits, more: object = {}): void {
  const settings = { 'memory.max': memoryBytes, 'memory.swap.max': 0, 'pids.max': processes, ...more };
  const files = new Set(readdirSync(path));
  for (const [file, value] of Object.entries(settings))
    if (files.has(file)) writeFileSync(join(path, file), String(value));
}
