/** CPU time of one process. */
import { readFile } from 'node:fs/promises';
import type { CpuTimes } from './cpu.ts';

/** Hundredths of a second (USER_HZ), ms. */
const MS_PER_TICK = 10;

/** In user mode and in the kernel since its start, with all its threads; zero when it is gone (proc(5), fields 14 and 15). */
export async function readCpuTimes(pid: number): Promise<CpuTimes> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11] ?? 0), Number(fields[12] ?? 0)];
  return { userMs: user * MS_PER_TICK, systemMs: system * MS_PER_TICK };
}
