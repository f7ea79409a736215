/** The host's memory, from `/proc/meminfo`. */
import { readFileSync } from 'node:fs';

export type HostMemory = { readonly totalBytes: number; readonly availableBytes: number };

/**
 * Total memory, and what new processes could use without swapping (`MemAvailable`, proc(5)).
 * @throws {Error} When the kernel does not report them.
 */
export function readHostMemory(): HostMemory {
  const text = readFileSync('/proc/meminfo', 'utf8');
  return { totalBytes: field(text, 'MemTotal'), availableBytes: field(text, 'MemAvailable') };
}

function field(meminfo: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  if (!kibibytes) throw new Error(`/proc/meminfo has no ${name}`);
  return Number(kibibytes) * 1024;
}
