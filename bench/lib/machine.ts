/** What the figures were measured on. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inspectQemu } from '../../src/guest/qemu.ts';
import { readHostMemory } from '../../src/host/memory.ts';
import { isRecord } from '../../test/support/http-client.ts';

export type Machine = {
  readonly accelerator: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly qemu: string;
  readonly bun: string;
  readonly node: string;
  readonly python: string;
  /** ISO 8601. */
  readonly date: string;
  /** Load averages over 1, 5 and 15 minutes before the run. */
  readonly load: readonly number[];
};

const run = promisify(execFile);
const ask = async (program: string, ...args: string[]): Promise<string> =>
  (await run(program, args).catch(() => ({ stdout: 'not here' }))).stdout.trim();

/** @param home The data folder that guests are restored from. */
export async function describeMachine(home: string): Promise<Machine> {
  return {
    accelerator: await acceleratorOf(home),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(readHostMemory().totalBytes / 2 ** 20),
    kernel: release(),
    qemu: (await inspectQemu()).version,
    bun: Bun.version,
    node: await ask('node', '--version'),
    python: await ask('/usr/bin/python3', '--version'),
    date: new Date().toISOString(),
    load: loadavg(),
  };
}

/** As it was chosen when the data folder was set up. */
async function acceleratorOf(home: string): Promise<string> {
  const kept: unknown = JSON.parse(await readFile(join(home, 'accelerator.json'), 'utf8').catch(() => '{}'));
  return isRecord(kept) && typeof kept['name'] === 'string' ? kept['name'] : 'unknown';
}
