/** File descriptors of this process. */
import { readdirSync, readFileSync } from 'node:fs';
import { isErrno } from '../lib/files.ts';

/** How many more this process may open; proc_pid_limits(5), proc_pid_fd(5). It takes one to find out. */
export function readFreeDescriptors(): number {
  try {
    return countFree();
  } catch (error) {
    if (isErrno(error, 'EMFILE')) return 0;
    throw error;
  }
}

function countFree(): number {
  const [, limit = 'unlimited'] =
    /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  if (limit === 'unlimited') return Number.POSITIVE_INFINITY;
  return Number(limit) - readdirSync('/proc/self/fd').length;
}
