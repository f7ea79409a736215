/**
 * CPU time of a server and all it starts, by the kernel's count of control groups: what ended is in it, which no look at
 * processes finds any more.
 */
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCpuTimes } from './process-times.ts';

/** CPU time in user mode and in the kernel, ms. */
export type CpuTimes = { readonly userMs: number; readonly systemMs: number };

const ZERO: CpuTimes = { userMs: 0, systemMs: 0 };
const sum = (times: readonly CpuTimes[]): CpuTimes =>
  times.reduce(
    (all, { userMs, systemMs }) => ({ userMs: all.userMs + userMs, systemMs: all.systemMs + systemMs }),
    ZERO,
  );
/** User and system time together, ms. */
export const total = ({ userMs, systemMs }: CpuTimes): number => userMs + systemMs;

export const less = (one: CpuTimes, other: CpuTimes): CpuTimes => ({
  userMs: one.userMs - other.userMs,
  systemMs: one.systemMs - other.systemMs,
});

/** What a service used until now. */
export type ServiceCpu = {
  /** Its own process. */
  readonly server: CpuTimes;
  /** All else that it started: guests, what holds and prepares them. */
  readonly guests: CpuTimes;
  /** Everything on the host, to 10 ms for each CPU: for a check against the sum. */
  readonly host: CpuTimes;
};

/** Of version 2, whose groups have `cpu.stat` without a controller, also where version 1 has the controllers. */
async function unifiedMountPoint(): Promise<string | undefined> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  return mounts
    .split('\n')
    .find((line) => line.includes(' - cgroup2 '))
    ?.split(' ')[4];
}

export class CpuGroup implements AsyncDisposable {
  readonly #folder: string;
  readonly #guests: string;
  readonly #server: number;

  private constructor(folder: string, guests: string, server: number) {
    this.#folder = folder;
    this.#guests = guests;
    this.#server = server;
  }

  /**
   * Puts a process that has started nothing yet into a group of its own; what it starts from then on is in it too.
   * @param name Of the group; no other has it.
   * @param guests Name of the group that the server makes for its guests and moves them to, if it does.
   * @throws {Error} When there are no control groups of version 2, or the user may not make one.
   */
  static async open(name: string, server: number, guests = ''): Promise<CpuGroup> {
    const mountPoint = await unifiedMountPoint();
    if (mountPoint === undefined) throw new Error('no control groups of version 2 are mounted');
    const folder = join(mountPoint, name);
    await mkdir(folder);
    const group = new CpuGroup(folder, guests && join(mountPoint, guests), server);
    try {
      await writeFile(join(folder, 'cgroup.procs'), String(server));
      return group;
    } catch (error) {
      await group[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Of the groups that its processes are in. */
  get folders(): readonly string[] {
    return [this.#folder, this.#guests].filter((folder) => folder !== '');
  }

  async read(): Promise<ServiceCpu> {
    const [own, moved, server, host] = await Promise.all([
      readGroup(this.#folder),
      this.#guests === '' ? ZERO : readGroup(this.#guests),
      readCpuTimes(this.#server),
      readHost(),
    ]);
    return { server, guests: less(sum([own, moved]), server), host };
  }

  /** Removes the group. What still lives in it goes to the group above, where it came from. */
  async [Symbol.asyncDispose](): Promise<void> {
    const left = await readFile(join(this.#folder, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of left.split('\n').filter((line) => line !== '')) {
      await writeFile(join(dirname(this.#folder), 'cgroup.procs'), pid).catch(() => {});
    }
    await rmdir(this.#folder).catch(() => {});
  }
}

/** Zero when there is none: where the server's guests stay in its own group. */
async function readGroup(folder: string): Promise<CpuTimes> {
  const text = await readFile(join(folder, 'cpu.stat'), 'utf8').catch(() => '');
  const ms = (field: string) => Number(new RegExp(`^${field} (\\d+)$`, 'm').exec(text)?.[1] ?? 0) / 1000;
  return { userMs: ms('user_usec'), systemMs: ms('system_usec') };
}

/** From `/proc/stat` (proc(5)): user, nice, system, idle, iowait, irq, softirq; hundredths of a second. */
async function readHost(): Promise<CpuTimes> {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (await readFile('/proc/stat', 'utf8'))
    .split('\n', 1)[0]
    ?.split(/\s+/)
    .map(Number) ?? [0];
  return { userMs: (user + nice) * 10, systemMs: (system + irq + softirq) * 10 };
}
