/** From the worker's figures to what is answered. */
import { formatSize } from '../../lib/size.ts';
import type { RunnerPool } from '../../runner/pool.ts';
import type { WorkerFigures, WorkerMemory } from '../../stats/worker.ts';
import type { Memory, Worker } from './model.ts';

export function describeMemory(memory: WorkerMemory): Memory {
  const { totalBytes, availableBytes, usedBytes, percent } = memory;
  return {
    total: formatSize(totalBytes),
    available: formatSize(availableBytes),
    used: formatSize(usedBytes),
    percent,
    totalBytes,
    availableBytes,
    usedBytes,
  };
}

/** @param template Id of the template that runners are restored from. */
export function describeWorker(figures: WorkerFigures, pool: RunnerPool, template: string): Worker {
  const { memory, disk, load, cpus } = figures;
  const { target, ready, restoring, leased, retiring, failed } = pool.counts;
  return {
    memory: describeMemory(memory),
    disk: { total: formatSize(disk.totalBytes), free: formatSize(disk.freeBytes), ...disk },
    load,
    cpus,
    template,
    pool: { target, ready, restoring, leased, retiring, failed },
    queue: pool.queueStats,
    refill: pool.refill,
    lastErrors: pool.lastErrors.map(({ at, message }) => ({ at: new Date(at).toISOString(), message })),
  };
}
