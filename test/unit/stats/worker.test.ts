import { expect, it } from 'bun:test';
import { readWorkerFigures, readWorkerMemory } from '../../../src/stats/worker.ts';

it('the worker’s memory adds up, and its percentage is the used share', () => {
  const { totalBytes, availableBytes, usedBytes, percent } = readWorkerMemory();
  expect(totalBytes).toBeGreaterThan(1 << 20);
  expect(availableBytes).toBeGreaterThan(0);
  expect(usedBytes + availableBytes).toBe(totalBytes);
  expect(percent).toBeCloseTo((usedBytes / totalBytes) * 100, 1);
  expect(Number(percent.toFixed(2))).toBe(percent);
});

it('the worker’s figures have memory, the data folder’s disk, load and CPUs', async () => {
  const { memory, disk, load, cpus } = await readWorkerFigures('/proc/self/cwd');
  expect(memory.usedBytes).toBeGreaterThan(0);
  expect(disk.totalBytes).toBeGreaterThan(disk.freeBytes);
  for (const value of Object.values(load)) expect(value).toBeGreaterThanOrEqual(0);
  expect(cpus).toBeGreaterThanOrEqual(1);
});
