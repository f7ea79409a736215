import { expect, test } from 'bun:test';
import { fstatSync, openSync, statSync } from 'node:fs';
import { closeDescriptor } from '../../../src/lib/posix.ts';
import { ProcessDescriptors } from '../../../src/lib/process-descriptors.ts';
import { identifyProcess } from '../../../src/lib/process-identity.ts';

const own = async () => (await identifyProcess(process.pid)) ?? { pid: 0, startTicks: 0 };

test('a copied descriptor is of the same file, and outlives the one that it was copied from', async () => {
  using descriptors = await ProcessDescriptors.of(await own());
  const fd = openSync(import.meta.path, 'r');
  const { ino } = statSync(import.meta.path);
  const found = await descriptors?.find((info) => info.includes(`ino:\t${ino}\n`));
  expect(found).toContain(fd);
  const copied = descriptors?.copy(fd) ?? -1;
  closeDescriptor(fd);
  expect(fstatSync(copied).ino).toBe(ino);
  closeDescriptor(copied);
  expect(() => descriptors?.copy(copied)).toThrow('cannot be copied');
});

test('a process is not mistaken for an earlier one with its pid', async () => {
  const { pid, startTicks } = await own();
  expect(await ProcessDescriptors.of({ pid, startTicks: startTicks - 1 })).toBeUndefined();
  expect(await ProcessDescriptors.of({ pid: 2 ** 22, startTicks })).toBeUndefined();
});
