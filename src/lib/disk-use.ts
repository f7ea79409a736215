/** What files take of their disk. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from './files.ts';

/** `st_blocks` counts these, whatever the file system's own: stat(2). */
const BLOCK_BYTES = 512;

/** Bytes that what is in a folder takes; the holes of a file take none, and neither does what goes meanwhile. */
export async function diskUse(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await listFolder(folder)) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory()) bytes += await diskUse(path);
    else bytes += (found?.blocks ?? 0) * BLOCK_BYTES;
  }
  return bytes;
}
