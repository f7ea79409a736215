/** Removes what no template needs: images, and the layers that they were made of. */
import { readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { recipe } from '../../vm-images/base/recipe.ts';
import { diskUse } from '../lib/disk-use.ts';
import { listFolder, readLink } from '../lib/files.ts';
import { removeDeadStaging, Staging } from '../lib/staging.ts';
import { layerFile } from './base-layer.ts';
import { baseLayerDigest, LOCK_FILE } from './inputs.ts';
import { cacheDirectory, currentImage, imagesDirectory } from './paths.ts';

export type PrunedImages = {
  /** Ids of images. */
  readonly images: readonly string[];
  /** Names of files in the cache. */
  readonly layers: readonly string[];
  /** What all of it took of the disk. */
  readonly bytes: number;
};

const IMAGE = /^[0-9a-f]{32}$/;
const LAYER = /^base-[0-9a-f]{32}\.tar$/;

/**
 * Leaves the current image and the current layer. Nobody may be building meanwhile.
 * @param needed Ids of images that templates were baked from.
 */
export async function pruneImages(home: string, needed: ReadonlySet<string>): Promise<PrunedImages> {
  const current = basename((await readLink(currentImage(home))) ?? '');
  const layer = layerFile(await baseLayerDigest(recipe, await readFile(LOCK_FILE, 'utf8')));
  const images = await remove(
    imagesDirectory(home),
    (name) => IMAGE.test(name) && name !== current && !needed.has(name),
  );
  const layers = await remove(cacheDirectory(home), (name) => LAYER.test(name) && name !== layer);
  return { images: images.names, layers: layers.names, bytes: images.bytes + layers.bytes };
}

/** Takes each out of sight in one step before its files go. */
async function remove(folder: string, isOld: (name: string) => boolean) {
  const names = (await listFolder(folder)).filter(isOld);
  if (names.length === 0) return { names, bytes: 0 };
  await removeDeadStaging(folder);
  await using staging = await Staging.create(folder);
  for (const name of names) await rename(join(folder, name), join(staging.path, name));
  return { names, bytes: await diskUse(staging.path) };
}
