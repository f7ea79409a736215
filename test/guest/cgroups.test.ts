import { describe, expect, it } from 'bun:test';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Cgroups, type CgroupsOptions, type GuestCgroup, groupName } from '../../src/host/cgroups/cgroups.ts';
import { readCpuMs } from '../../src/host/process.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

const MIB = 2 ** 20;

const OPTIONS: Omit<CgroupsOptions, 'name'> = {
  accelerator: 'kvm',
  guestMemoryMiB: 64,
  image: import.meta.filename,
  reserveBytes: 512 * MIB,
};

/** Groups of a name of their own, which no server has. */
async function openGroups(stack: AsyncDisposableStack): Promise<{ cgroups: Cgroups; name: string }> {
  const home = stack.use(await TempFolder.create());
  const name = await groupName(home.path);
  return { name, cgroups: stack.use(await Cgroups.open({ ...OPTIONS, name })) };
}

/** A program that begins when it is in its group, and says lines. */
class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The signal that ended it, or null when it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, pid: number) {
    this.child = child;
    this.pid = pid;
    this.ended = once(child, 'exit').then(() => child.signalCode);
    if (!child.stdout) throw new Error('its output is a pipe');
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @param script For `sh`. */
  static async start(group: GuestCgroup, script: string): Promise<Program> {
    const child = spawn('sh', ['-c', `read -r go; ${script}`], { stdio: ['pipe', 'pipe', 'ignore'] });
    if (child.pid === undefined) throw new Error('sh was not started');
    const program = new Program(child, child.pid);
    await group.add(child.pid);
    child.stdin?.write('go\n');
    return program;
  }

  /** Its next line, or undefined when it ended. */
  async line(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done ? undefined : value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Processes that are in a group whose name holds `name`. */
async function membersOf(name: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const groups = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => groups[index]?.includes(`/${name}`));
}

/** CPU time of processes, ms. */
const cpuMs = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (readCpuMs(pid) ?? 0), 0);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const BURN = 'while :; do :; done';
/** A program that keeps so many MiB and says so. */
const hold = (mebibytes: number) =>
  `exec ${process.execPath} -e 'globalThis.kept = Buffer.alloc(${mebibytes} << 20, 1); console.log("kept"); setInterval(() => {}, 1e6)'`;

describe.skipIf(!isRoot)('a guest’s control group', () => {
  it('can be had with every limit by root', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups } = await openGroups(stack);
    expect(cgroups.missing).toEqual([]);
  });

  it('ends who takes more memory than a guest and its QEMU have, and nobody else', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups } = await openGroups(stack);
    const [greedy, modest] = [
      stack.use(await cgroups.guest('greedy')),
      stack.use(await cgroups.guest('modest')),
    ];
    const neighbour = stack.use(await Program.start(modest, hold(1)));
    expect(await neighbour.line()).toBe('kept');
    const bomb = stack.use(await Program.start(greedy, hold(256)));
    expect(await bomb.line()).toBeUndefined();
    expect(await bomb.ended).toBe('SIGKILL');
    const parent = stack.use(await cgroups.guest('parent', 'parent'));
    expect(await stack.use(await Program.start(parent, hold(256))).line()).toBe('kept');
    expect(neighbour.child.exitCode ?? neighbour.child.signalCode).toBeNull();
  });

  it('stops a fork bomb at its limit, and none of it is left behind', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups, name } = await openGroups(stack);
    const group = stack.use(await cgroups.guest('bomb'));
    // Each of these tries again for as long as it is refused.
    const bomb = `bomb() { while :; do (bomb) & wait; done; }; bomb & bomb & sleep 1000`;
    const program = stack.use(await Program.start(group, bomb));
    await until('the bomb to fill its group', async () => (await membersOf(name)).length > 60);
    expect((await membersOf(name)).length).toBeLessThanOrEqual(64);
    await group[Symbol.asyncDispose]();
    expect(await membersOf(name)).toEqual([]);
    expect(await program.ended).toBe('SIGKILL');
  });

  it('gives no more CPU time than one CPU and a little', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups } = await openGroups(stack);
    const group = stack.use(await cgroups.guest('burner'));
    const programs: Program[] = [];
    for (let burner = 0; burner < 4; burner += 1) programs.push(stack.use(await Program.start(group, BURN)));
    const pids = programs.map(({ pid }) => pid);
    const [startedAt, before] = [performance.now(), cpuMs(pids)];
    await pause(3000);
    const share = (cpuMs(pids) - before) / (performance.now() - startedAt);
    // It is 1.25, and no more than one slice over it at the ends.
    expect(share).toBeLessThan(1.4);
    expect(share).toBeGreaterThan(0);
  });

  it('gives way to a guest in use while it is in the making, and then no longer', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups } = await openGroups(stack);
    const [making, used] = [stack.use(await cgroups.guest('making')), stack.use(await cgroups.guest('used'))];
    await used.prioritize('claimed');
    const onOneCpu = `exec taskset -c 0 sh -c '${BURN}'`;
    const programs = [
      stack.use(await Program.start(making, onOneCpu)),
      stack.use(await Program.start(used, onOneCpu)),
    ];
    const burnt = () => programs.map(({ pid }) => cpuMs([pid]));
    await until('both to burn', () => burnt().every((ms) => ms > 100));
    /** CPU time of the guest in use to that of the other, both busy on one CPU. */
    const ratio = async () => {
      const before = burnt();
      const since = () => burnt().map((ms, index) => ms - (before[index] ?? 0));
      await until('them to burn on', () => since().reduce((sum, ms) => sum + ms) > 1500);
      const [inMaking = 0, inUse = 0] = since();
      return inUse / inMaking;
    };
    expect(await ratio()).toBeGreaterThan(1.6);
    await making.prioritize('claimed');
    expect(await ratio()).toBeLessThan(1.3);
  });

  it('has what its processes start, and is not entered twice', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups, name } = await openGroups(stack);
    const group = stack.use(await cgroups.guest('parent'));
    const program = stack.use(await Program.start(group, 'setsid sleep 1000 & echo $!; wait'));
    const child = Number(await program.line());
    expect(new Set(await membersOf(name))).toEqual(new Set([program.pid, child]));
    await group.add(program.pid);
    expect(await readFile(`/proc/${child}/oom_score_adj`, 'utf8')).toBe('1000\n');
    await group[Symbol.asyncDispose]();
    expect(await membersOf(name)).toEqual([]);
    await group[Symbol.asyncDispose]();
  });

  it('takes no notice of a process that is gone', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups } = await openGroups(stack);
    const group = stack.use(await cgroups.guest('late'));
    const program = await Program.start(group, 'exit 0');
    await program.ended;
    await group.add(program.pid);
  });

  it('is found by the next server of its data folder, which ends what is in it', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups, name } = await openGroups(stack);
    const program = stack.use(await Program.start(await cgroups.guest('left'), 'sleep 1000 & wait'));
    stack.use(await Cgroups.open({ ...OPTIONS, name }));
    expect(await program.ended).toBe('SIGKILL');
    expect(await membersOf(name)).toEqual([]);
  });

  it('is gone when the server is, with all guests that were left', async () => {
    await using stack = new AsyncDisposableStack();
    const { cgroups, name } = await openGroups(stack);
    const program = stack.use(await Program.start(await cgroups.guest('left'), 'sleep 1000 & wait'));
    const groups = async () => (await run('find', ['/sys/fs/cgroup', '-name', name])).stdout;
    expect(await groups()).not.toBe('');
    await cgroups[Symbol.asyncDispose]();
    expect(await program.ended).toBe('SIGKILL');
    expect(await groups()).toBe('');
  });
});

describe.skipIf(!isRoot)('where there are no control groups to be had', () => {
  /** What a program prints that opens groups and uses one, in a mount namespace where `prepare` was done first. */
  async function tried(prepare: string): Promise<unknown> {
    const program = `
      import { missingLimits, Cgroups } from '${import.meta.dirname}/../../src/host/cgroups/cgroups.ts';
      const options = ${JSON.stringify(OPTIONS)};
      await using cgroups = await Cgroups.open({ ...options, name: 'codeland-none-' + process.pid });
      await using group = await cgroups.guest('guest');
      await group.prioritize('claimed');
      const child = Bun.spawn(['sleep', '1000']);
      await group.add(child.pid);
      const score = await Bun.file('/proc/' + child.pid + '/oom_score_adj').text();
      child.kill('SIGKILL');
      await child.exited;
      console.log(JSON.stringify({ missing: await missingLimits(options), score }));
    `;
    const script = `${prepare}; exec "$0" -e "$1"`;
    const { stdout } = await run('unshare', ['--mount', 'sh', '-ec', script, process.execPath, program]);
    return JSON.parse(stdout);
  }

  const missing = (why: string) =>
    ['memory limit', 'CPU limit', 'process limit', 'I/O limit'].map((layer) => ({ layer, why }));

  it('guests run without, and each limit is named: none is mounted', async () => {
    expect(await tried('umount --recursive --lazy /sys/fs/cgroup')).toEqual({
      missing: missing('no control groups with it are mounted, or none with it was given to the server'),
      score: '1000\n',
    });
  });

  it('guests run without, and each limit is named: they are mounted read-only', async () => {
    const each = "awk '$3 ~ /^cgroup/ { print $2 }' /proc/mounts";
    expect(await tried(`for at in $(${each}); do mount -o remount,bind,ro "$at"; done`)).toEqual({
      missing: missing('the control groups are mounted read-only'),
      score: '1000\n',
    });
  });
});
