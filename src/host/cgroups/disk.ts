/** The disk that holds a file. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from '../../lib/files.ts';

/**
 * The whole disk that holds a file, as `254:0`: the kernel limits no partition by itself. Null when its file system is
 * on no single disk that could be named, as in memory, or of several disks.
 * @param devices Folder of the block devices by number.
 */
export async function findDisk(file: string, devices = '/sys/dev/block'): Promise<string | null> {
  const { dev } = await stat(file);
  try {
    const folder = await realpath(join(devices, deviceNumber(dev)));
    const disk = (await isPartition(folder)) ? dirname(folder) : folder;
    return (await readFile(join(disk, 'dev'), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

async function isPartition(folder: string): Promise<boolean> {
  try {
    await stat(join(folder, 'partition'));
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Major and minor number of a device, as the C library takes them apart (`gnu_dev_major`, makedev(3)). */
export function deviceNumber(dev: number): string {
  const number = BigInt(dev);
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n);
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
