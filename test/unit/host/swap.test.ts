import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { readClearSwaps, swapsIn } from '../../../src/host/swap.ts';

const HEADER = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

test('swap on disks is named, and no other', () => {
  expect(swapsIn(HEADER)).toEqual([]);
  expect(swapsIn('')).toEqual([]);
  const line = (name: string) => `${name}                               partition\t2097148\t\t0\t\t-2\n`;
  expect(swapsIn(HEADER + ['/dev/sda2', '/dev/zram0', '/swap\\040file'].map(line).join(''))).toEqual([
    '/dev/sda2',
    '/swap\\040file',
  ]);
});

test('this host names no other than it has', async () => {
  const all = existsSync('/proc/swaps') ? swapsIn(readFileSync('/proc/swaps', 'utf8')) : [];
  for (const name of await readClearSwaps()) expect(all).toContain(name);
});
