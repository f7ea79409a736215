import { describe, expect, it } from 'bun:test';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readCpuMs, readProcessUsage } from '../../../src/host/process.ts';
import { until } from '../../support/until.ts';

/** A pid that no process has: above the highest that Linux gives out. */
const NO_PID = 4_194_305;

const HELD_BYTES = 64 * 1024 * 1024;
const BURNT_MS = 200;

/** A process of a program in TypeScript that says a line, and acts when it is told to on stdin. */
class Worker implements AsyncDisposable {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, pid: number, output: Readable) {
    this.#child = child;
    this.pid = pid;
    this.#lines = createInterface({ input: output })[Symbol.asyncIterator]();
  }

  static start(code: string): Worker {
    const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (child.pid === undefined) throw new Error('the process did not start');
    return new Worker(child, child.pid, child.stdout);
  }

  /** Waits until it has said its next line. */
  async line(): Promise<void> {
    const { done } = await this.#lines.next();
    if (done) throw new Error('the process ended');
  }

  /** Tells it to act, and waits until it has. */
  async tell(): Promise<void> {
    this.#child.stdin?.write('go\n');
    await this.line();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

describe('a process’s usage', () => {
  it('grows by the memory that it takes', async () => {
    await using worker = Worker.start(`
      console.log('started');
      for await (const _ of console) {
        globalThis.held = Buffer.alloc(${HELD_BYTES}, 1);
        console.log('holding');
      }`);
    await worker.line();
    const before = await readProcessUsage(worker.pid);
    await worker.tell();
    const after = await readProcessUsage(worker.pid);
    for (const name of ['pssBytes', 'residentBytes'] as const) {
      const grown = (after[name] ?? Number.NaN) - (before[name] ?? Number.NaN);
      expect(grown).toBeGreaterThanOrEqual(HELD_BYTES * 0.9);
      expect(grown).toBeLessThan(HELD_BYTES * 1.5);
    }
    // Resident memory is whole pages.
    expect((after.residentBytes ?? Number.NaN) % 4096).toBe(0);
    expect((before.residentBytes ?? Number.NaN) % 4096).toBe(0);
  });

  it('has the CPU time that the process itself counts', async () => {
    await using worker = Worker.start(`
      const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
      console.log('started');
      for await (const _ of console) {
        const until = used() + ${BURNT_MS};
        while (used() < until);
        console.log('done');
      }`);
    await worker.line();
    const before = readCpuMs(worker.pid) ?? Number.NaN;
    await worker.tell();
    // What it used besides can only add; each of the two parts is cut to 10 ms.
    expect(readCpuMs(worker.pid)).toBeGreaterThanOrEqual(before + BURNT_MS - 20);
    expect((await readProcessUsage(worker.pid)).cpuMs).toBeGreaterThanOrEqual(before + BURNT_MS - 20);
  });

  it('is read past a name that looks like other fields', async () => {
    await using worker = Worker.start(`
      require('node:fs').writeFileSync('/proc/self/comm', ') R 1 2 3 4 5 6');
      while (process.cpuUsage().user < 100_000);
      console.log('named');
      for await (const _ of console);`);
    await worker.line();
    expect(await readFile(`/proc/${worker.pid}/comm`, 'utf8')).toStartWith(') R 1');
    // Were the name taken for fields, the CPU time would be read from other ones, which are none or huge.
    expect(readCpuMs(worker.pid)).toBeGreaterThanOrEqual(80);
    expect(readCpuMs(worker.pid)).toBeLessThan(60_000);
  });

  it('is null for a process that is gone', async () => {
    const worker = Worker.start('');
    const { pid } = worker;
    await using _ = worker;
    await until('the process to be gone', () => readCpuMs(pid) === null);
    expect(await readProcessUsage(pid)).toEqual({ pssBytes: null, residentBytes: null, cpuMs: null });
  });

  it.each([NO_PID, -1, 0.5, Number.NaN])('is null for %p, which no process has', async (pid) => {
    expect(readCpuMs(pid)).toBeNull();
    expect(await readProcessUsage(pid)).toEqual({ pssBytes: null, residentBytes: null, cpuMs: null });
  });

  it('is the same, whichever way this process reads its own CPU time', () => {
    const { user, system } = process.cpuUsage();
    const cpuMs = readCpuMs(process.pid);
    expect(Math.abs((cpuMs ?? 0) - (user + system) / 1000)).toBeLessThan(1_000);
  });
});
