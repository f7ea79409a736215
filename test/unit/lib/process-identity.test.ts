import { describe, expect, test } from 'bun:test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  identifyProcess,
  isAlive,
  killProcess,
  type ProcessIdentity,
} from '../../../src/lib/process-identity.ts';

/** Larger than any pid: `/proc/sys/kernel/pid_max` is at most 2²². */
const NO_PID = 2 ** 22 + 1;
const PATIENCE_MS = 30_000;

class Sleeper implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  readonly #exit: Promise<unknown>;

  private constructor(child: ChildProcess, identity: ProcessIdentity, exit: Promise<unknown>) {
    this.child = child;
    this.identity = identity;
    this.#exit = exit;
  }

  static async start(): Promise<Sleeper> {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    await once(child, 'spawn');
    const identity = await identifyProcess(child.pid ?? NO_PID);
    if (!identity) throw new Error('the sleeper does not run');
    return new Sleeper(child, identity, exit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exit;
  }
}

describe('a process', () => {
  test('is this one', async () => {
    const identity = await identifyProcess(process.pid);
    expect(identity).toEqual({ pid: process.pid, startTicks: expect.any(Number) });
    expect(await identifyProcess(process.pid)).toEqual(identity);
    expect(identity && (await isAlive(identity))).toBe(true);
  });

  test('is the init of the host, whose start was before all others', async () => {
    const [first, own] = await Promise.all([identifyProcess(1), identifyProcess(process.pid)]);
    expect(first?.startTicks).toBeLessThan(own?.startTicks ?? 0);
  });

  test.each([NO_PID, 0, -1])('does not exist with the pid %d', async (pid) => {
    expect(await identifyProcess(pid)).toBeUndefined();
    expect(await isAlive({ pid, startTicks: 1 })).toBe(false);
  });

  test('is another one when its pid was used again', async () => {
    await using sleeper = await Sleeper.start();
    const { pid, startTicks } = sleeper.identity;
    expect(await isAlive({ pid, startTicks })).toBe(true);
    expect(await isAlive({ pid, startTicks: startTicks - 1 })).toBe(false);
    expect(await isAlive({ pid, startTicks: startTicks + 1 })).toBe(false);
  });

  test('is dead when it has ended', async () => {
    const sleeper = await Sleeper.start();
    await sleeper[Symbol.asyncDispose]();
    expect(await isAlive(sleeper.identity)).toBe(false);
    expect(await identifyProcess(sleeper.identity.pid)).toBeUndefined();
  });
});

describe('killProcess', () => {
  test('ends the process and waits for its end', async () => {
    await using sleeper = await Sleeper.start();
    expect(await killProcess(sleeper.identity, 'SIGTERM', PATIENCE_MS)).toBe(true);
    expect(await isAlive(sleeper.identity)).toBe(false);
  });

  test('leaves a process alone that has the pid of the one that was meant', async () => {
    await using sleeper = await Sleeper.start();
    const { pid, startTicks } = sleeper.identity;
    expect(await killProcess({ pid, startTicks: startTicks - 1 }, 'SIGKILL', PATIENCE_MS)).toBe(true);
    expect(await isAlive(sleeper.identity)).toBe(true);
  });

  test('says when the process did not end in time', async () => {
    await using sleeper = await Sleeper.start();
    expect(await killProcess(sleeper.identity, 'SIGCONT', 1)).toBe(false);
  });

  test('has nothing to do for one that is gone', async () => {
    expect(await killProcess({ pid: NO_PID, startTicks: 1 }, 'SIGKILL', PATIENCE_MS)).toBe(true);
  });
});
