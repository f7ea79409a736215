/** Images that must not be used again. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, syncFolder } from '../lib/files.ts';
import { imageDirectory, imagesDirectory } from './paths.ts';

/**
 * Takes a damaged image out of use, and keeps it for somebody to look at; one that was kept before goes.
 * Those who have its files open keep them. Does nothing when it is gone.
 */
export async function quarantineImage(home: string, id: string): Promise<void> {
  const image = imageDirectory(home, id);
  if (!existsSync(image)) return;
  const folder = join(imagesDirectory(home), 'quarantine');
  await rm(folder, { recursive: true, force: true });
  await makePrivateFolder(folder);
  await rename(image, join(folder, id));
  await syncFolder(imagesDirectory(home));
}
