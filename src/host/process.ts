/** What a process on this host uses, from its folder in `/proc` (proc(5)). */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A figure is null when the process is gone, or is not ours to look at. */
export type ProcessUsage = {
  /** Its own memory, and its share of what it shares with others. */
  readonly pssBytes: number | null;
  /** All memory that is mapped into it, shared or not. */
  readonly residentBytes: number | null;
  /** User and system time since its start. */
  readonly cpuMs: number | null;
};

/** Linux tells programs of time in hundredths of a second, whatever its own tick is (USER_HZ). */
const MS_PER_TICK = 10;

/** Never rejects. The kernel walks the process's page tables for this: some milliseconds for a guest. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage> {
  const [memory, stat] = await Promise.all([read(pid, 'smaps_rollup'), read(pid, 'stat')]);
  return { pssBytes: kibibytes(memory, 'Pss'), residentBytes: kibibytes(memory, 'Rss'), cpuMs: cpuMs(stat) };
}

/** User and system time of a process since its start, ms, to 10 ms; null when it is gone. */
export function readCpuMs(pid: number): number | null {
  try {
    return cpuMs(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

const read = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');

function kibibytes(text: string, name: string): number | null {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return value === undefined ? null : Number(value) * 1024;
}

function cpuMs(stat: string): number | null {
  // The command name is in parentheses and may hold anything; the fields that count come after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 13);
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return Number.isSafeInteger(user + system) ? (user + system) * MS_PER_TICK : null;
}
