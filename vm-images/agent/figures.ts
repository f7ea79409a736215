/** How the guest is, as its kernel tells it. */
import { readdirSync } from 'node:fs';
import type { StatsReply } from '../../src/protocol/messages.ts';
import { KernelFile } from './kernel-file.ts';
import { DEVICE } from './network.ts';

/** What `/proc/meminfo` names of the memory that the kernel has for itself. */
const KERNEL_MEMORY = /^(?:Slab|KernelStack|PageTables|SecPageTables|Percpu):\s+(\d+) kB$/gm;
const PROCESS = /^\d+$/;

type Figures = Omit<StatsReply, 'type' | 'id'>;

/** Keeps the files open that it reads again and again. */
export class FigureReader {
  readonly #uptime = new KernelFile('/proc/uptime');
  readonly #memory = new KernelFile('/proc/meminfo');
  readonly #devices = new KernelFile('/proc/net/dev');

  read(): Figures {
    return {
      uptimeMs: Math.round(Number.parseFloat(this.#uptime.read()) * 1000),
      processes: readdirSync('/proc').filter((name) => PROCESS.test(name)).length,
      kernelMemoryBytes: kernelMemoryBytes(this.#memory.read()),
      network: networkCounters(this.#devices.read(), DEVICE),
    };
  }
}

/** Sums up what `/proc/meminfo` says. */
export function kernelMemoryBytes(meminfo: string): number {
  let kib = 0;
  for (const [, value] of meminfo.matchAll(KERNEL_MEMORY)) kib += Number(value);
  return kib * 1024;
}

/** A device's counters from `/proc/net/dev`; null when it does not name the device. */
export function networkCounters(text: string, device: string): StatsReply['network'] {
  for (const line of text.split('\n')) {
    const [name, values = ''] = line.split(':');
    if (name?.trim() !== device) continue;
    // Eight of what was received, then eight of what was sent, each time bytes and packets first.
    const counters = values.trim().split(/\s+/).map(Number);
    const [rxBytes = 0, rxPackets = 0, , , , , , , txBytes = 0, txPackets = 0] = counters;
    return { rxBytes, txBytes, rxPackets, txPackets };
  }
  return null;
}
