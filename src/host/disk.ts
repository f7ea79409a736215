/** Space on a file system. */
import { statfs } from 'node:fs/promises';

export type DiskSpace = {
  readonly totalBytes: number;
  /** What a process without privileges can still write. */
  readonly freeBytes: number;
};

/**
 * Space on the file system that holds `path`.
 * @throws {Error} When there is no such path.
 */
export async function readDiskSpace(path: string): Promise<DiskSpace> {
  const { bsize, blocks, bavail } = await statfs(path);
  return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
}
