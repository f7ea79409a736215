/** The host's load. */
import { availableParallelism, loadavg } from 'node:os';

/** Processes that ran or waited for the CPU or the disk, on average over the last minutes. */
export type HostLoad = { readonly one: number; readonly five: number; readonly fifteen: number };

export function readHostLoad(): HostLoad {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return { one, five, fifteen };
}

/** CPUs that this process may use. */
export const countCpus = (): number => availableParallelism();
