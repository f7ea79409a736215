/** Builds the guest image and publishes it. */
import { open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { languages } from '../../vm-images/languages/mod.ts';
import { digestFile } from '../lib/digest.ts';
import { makePrivateFolder, switchLink } from '../lib/files.ts';
import { publishDirectory, removeDeadStaging, Staging } from '../lib/staging.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { baseLayer, baseLayerPackages } from './base-layer.ts';
import { ImageCorruptError, LockDriftError } from './errors.ts';
import { bootFiles, writeBootFiles } from './initramfs.ts';
import { type ImageInputs, readInputs } from './inputs.ts';
import { lockDrift } from './lock.ts';
import { type Image, type ImageManifest, loadImage, MANIFEST_FORMAT, verifyImage } from './manifest.ts';
import {
  cacheDirectory,
  currentImage,
  IMAGE_FILES,
  imageDirectory,
  imageId,
  imagesDirectory,
  MANIFEST_FILE,
} from './paths.ts';
import { writeRootImage } from './root-image.ts';

export type BuildImageOptions = {
  /** The data folder; images go to `images/` in it, cached layers to `cache/`. */
  readonly home: string;
  /** Where base layers are kept, instead of the home's own `cache/`. */
  readonly cache?: string;
  /** Fails when the archive does not offer exactly the locked packages. */
  readonly frozen?: boolean;
  /** Where the agent's sources are, unless they are the repository's own. */
  readonly agentDirectory?: string;
  /** Is told each step in one line; a package that differs from the lock in a line with `warning: `. */
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Makes the image of the repository's current state the home's current image, building it only when it is not
 * there yet or damaged. It appears under its final name all at once.
 * @throws {LockDriftError} With `frozen`, when packages differ from the lock.
 * @throws {CommandFailedError} When one of the tools fails.
 * @throws {ImageError} When an input is malformed.
 */
export async function buildImage(options: BuildImageOptions): Promise<Image> {
  const { home, frozen = false, onProgress, signal } = options;
  const inputs = await readInputs(options.agentDirectory);
  const id = imageId(inputs.digest);
  const target = imageDirectory(home, id);
  await makePrivateFolder(imagesDirectory(home));
  await removeDeadStaging(imagesDirectory(home));
  await using staging = await Staging.create(imagesDirectory(home));

  const existing = await existingImage(target, signal);
  if (existing) {
    const { drift } = existing.manifest;
    await closeToOthers(target);
    onProgress?.(`image ${id} is up to date`);
    if (frozen && drift.length > 0) throw new LockDriftError(drift);
  } else {
    const work = join(staging.path, 'image');
    await makeImage(work, inputs, staging.path, options);
    await publishDirectory(work, target, staging);
    onProgress?.(`image ${id} is built`);
  }
  await switchLink(currentImage(home), basename(target));
  return existing ?? (await loadImage(target));
}

/** The image in `directory`, every file checked, or undefined when there is none or it is damaged. */
async function existingImage(directory: string, signal?: AbortSignal): Promise<Image | undefined> {
  try {
    return await verifyImage(directory, signal);
  } catch (error) {
    if (error instanceof ImageCorruptError) return undefined;
    throw error;
  }
}

/** Makes the image's files in `work`; `scratch` is for what is in between. */
async function makeImage(
  work: string,
  inputs: ImageInputs,
  scratch: string,
  { home, cache = cacheDirectory(home), frozen, onProgress, signal }: BuildImageOptions,
): Promise<void> {
  const { recipe, lock } = inputs;
  const baseTar = await baseLayer({ cache, digest: inputs.baseDigest, recipe, lock, onProgress, signal });
  const packages = await baseLayerPackages(baseTar, signal);
  const drift = lockDrift(lock, packages);
  if (frozen && drift.length > 0) throw new LockDriftError(drift);
  for (const line of drift) onProgress?.(`warning: package differs from the lock: ${line}`);

  await makePrivateFolder(work);
  onProgress?.('packing kernel and initramfs');
  const boot = await bootFiles(baseTar, recipe, inputs.init, join(scratch, 'boot'), signal);
  await writeBootFiles(boot, work);
  onProgress?.('packing the root file system');
  await writeRootImage(baseTar, inputs.agent, join(scratch, 'root'), join(work, 'root.erofs'), signal);

  const digest = (name: (typeof IMAGE_FILES)[number]) => digestFile(join(work, name), signal);
  const manifest: ImageManifest = {
    format: MANIFEST_FORMAT,
    id: imageId(inputs.digest),
    inputs: inputs.digest,
    created: new Date().toISOString(),
    files: {
      'root.erofs': await digest('root.erofs'),
      vmlinuz: await digest('vmlinuz'),
      initramfs: await digest('initramfs'),
    },
    architecture: recipe.architecture,
    kernelVersion: boot.kernelVersion,
    bun: { package: recipe.bun.name, version: recipe.bun.version, integrity: recipe.bun.integrity },
    agent: { protocol: PROTOCOL_VERSION, sha256: inputs.agentDigest },
    languages: languages.map(({ name }) => name),
    packages: [...packages],
    drift: [...drift],
    memoryMiB: recipe.memoryMiB,
    tmpfsMiB: recipe.tmpfsMiB,
    user: recipe.user,
  };
  await writeFile(join(work, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  await closeToOthers(work);
}

/** The folder keeps others out, and so does each file. */
const IMAGE_FILE_MODE = 0o400;

/**
 * Gives an image's files their modes, whatever the umask or the version that made them, and brings them to the disk
 * before their folder is renamed: a crash must not leave a published name on nothing.
 */
async function closeToOthers(directory: string): Promise<void> {
  await makePrivateFolder(directory);
  for (const name of [...IMAGE_FILES, MANIFEST_FILE]) {
    await using file = await open(join(directory, name), 'r');
    await file.chmod(IMAGE_FILE_MODE);
    await file.sync();
  }
}
