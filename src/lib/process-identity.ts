/**
 * A process named so that a recycled pid is never mistaken for it: its pid and the time it started.
 */
import { readFile } from 'node:fs/promises';
import { isErrno } from './files.ts';

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks from the host's boot to the process's start, from `/proc/<pid>/stat` (proc(5), field 22). */
  readonly startTicks: number;
};

/** The identity of a live process, or undefined when there is none with this pid. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command name is in parentheses and may hold anything; the fields that count come after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTicks = Number(fields[19]);
    if (state === 'Z' || !Number.isSafeInteger(startTicks)) return undefined;
    return { pid, startTicks };
  } catch {
    return undefined;
  }
}

/** Whether the very process that was identified is still running. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.startTicks === identity.startTicks;
}

/** Ends a process at once. Does nothing for one that is gone. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/**
 * Ends the very process that was identified, and waits until it is gone.
 * @param timeoutMs How long to wait for its end.
 * @returns Whether it is gone.
 */
export async function killProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  if (!(await isAlive(identity))) return true;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It ended by itself in between.
    if (!isErrno(error, 'ESRCH')) throw error;
  }
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (!(await isAlive(identity))) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return !(await isAlive(identity));
}
