/** Memory of what a server started. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { descendantsOf, hostProcesses } from '../../test/support/processes.ts';

export type Memory = {
  /** Processes of the guests: QEMUs, and what holds or prepares them. */
  readonly processes: number;
  /** Of all of these: each page is divided by the number of processes that map it (proc(5), `smaps_rollup`). */
  readonly pssBytes: number;
  /** Of these, pages that are a process's own. */
  readonly privateBytes: number;
  /** The server itself. */
  readonly serverPssBytes: number;
  /** What the host says it could still give (`MemAvailable`). */
  readonly availableBytes: number;
};

/**
 * @param server Its pid.
 * @param groups Folders of control groups whose processes belong to it, wherever they were started from.
 */
export async function readMemory(server: number, groups: readonly string[]): Promise<Memory> {
  const grouped = (await Promise.all(groups.map(processesBelow))).flat();
  const pids = new Set([...descendantsOf(server, await hostProcesses()), ...grouped]);
  pids.delete(server);
  const rollups = await Promise.all([...pids].map(readRollup));
  const add = (figure: 'pss' | 'own') => rollups.reduce((all, rollup) => all + rollup[figure], 0);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  return {
    processes: pids.size,
    pssBytes: add('pss'),
    privateBytes: add('own'),
    serverPssBytes: (await readRollup(server)).pss,
    availableBytes: Number(available) * 1024,
  };
}

async function readRollup(pid: number): Promise<{ pss: number; own: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  const bytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { pss: bytes('Pss'), own: bytes('Private_Clean') + bytes('Private_Dirty') };
}

/** Of a control group and all in it; none where it is not there. */
async function processesBelow(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  const own = text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
  const folders = entries.filter((entry) => entry.isDirectory());
  const below = await Promise.all(folders.map(({ name }) => processesBelow(join(folder, name))));
  return [...own, ...below.flat()];
}
