/** What the worker, the host that runs the guests, has and uses. */
import { type DiskSpace, readDiskSpace } from '../host/disk.ts';
import { countCpus, type HostLoad, readHostLoad } from '../host/load.ts';
import { readHostMemory } from '../host/memory.ts';

export type WorkerMemory = {
  readonly totalBytes: number;
  /** What new processes could use without swapping. */
  readonly availableBytes: number;
  readonly usedBytes: number;
  /** Used share of the total, in percent, to two decimals. */
  readonly percent: number;
};

export type WorkerFigures = {
  readonly memory: WorkerMemory;
  /** Of the file system that holds the data folder. */
  readonly disk: DiskSpace;
  readonly load: HostLoad;
  readonly cpus: number;
};

/**
 * The host's memory as the list of runners and the worker's own page show it.
 * @throws {Error} When the kernel does not report it.
 */
export function readWorkerMemory(): WorkerMemory {
  const { totalBytes, availableBytes } = readHostMemory();
  const usedBytes = totalBytes - availableBytes;
  return {
    totalBytes,
    availableBytes,
    usedBytes,
    percent: Math.round((usedBytes / totalBytes) * 10_000) / 100,
  };
}

/**
 * @param home The data folder.
 * @throws {Error} When the host does not report a figure.
 */
export async function readWorkerFigures(home: string): Promise<WorkerFigures> {
  return {
    memory: readWorkerMemory(),
    disk: await readDiskSpace(home),
    load: readHostLoad(),
    cpus: countCpus(),
  };
}
