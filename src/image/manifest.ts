/** An image's manifest: what is in it and the digests that prove it. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Digest, digestFile } from '../lib/digest.ts';
import { whyUnreadable } from '../lib/unreadable.ts';
import { ImageCorruptError, ImageError } from './errors.ts';
import { currentImage, IMAGE_FILES, MANIFEST_FILE } from './paths.ts';

/** Raised when an older reader would misunderstand a manifest. */
export const MANIFEST_FORMAT = 1;

const strict = { additionalProperties: false } as const;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Text = Type.String({ minLength: 1 });
const Size = Type.Integer({ minimum: 1 });
const FileRecord = Type.Object({ sha256: Sha256, bytes: Size }, strict);

export const ImageManifest = Type.Object(
  {
    format: Type.Literal(MANIFEST_FORMAT),
    /** Name of the image's folder. */
    id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    /** SHA-256 over everything the image was made from. */
    inputs: Sha256,
    /** RFC 3339, UTC. */
    created: Text,
    files: Type.Object({ 'root.erofs': FileRecord, vmlinuz: FileRecord, initramfs: FileRecord }, strict),
    architecture: Type.Literal('amd64'),
    kernelVersion: Text,
    bun: Type.Object({ package: Text, version: Text, integrity: Text }, strict),
    agent: Type.Object({ protocol: Type.Integer({ minimum: 0 }), sha256: Sha256 }, strict),
    /** Names of the languages. */
    languages: Type.Array(Text),
    packages: Type.Array(
      Type.Object(
        {
          layer: Type.Union([Type.Literal('root'), Type.Literal('boot')]),
          name: Text,
          version: Text,
          sha256: Sha256,
        },
        strict,
      ),
    ),
    /** How the packages differ from the lock, one line each. */
    drift: Type.Array(Text),
    memoryMiB: Size,
    tmpfsMiB: Type.Object({ programs: Size, run: Size }, strict),
    user: Type.Object({ name: Text, uid: Size, gid: Size, home: Text }, strict),
  },
  strict,
);
export type ImageManifest = Static<typeof ImageManifest>;

/** An image on disk. */
export type Image = {
  /** Absolute, without symbolic links: stays the same image when another becomes current. */
  readonly directory: string;
  readonly manifest: ImageManifest;
  readonly root: string;
  readonly kernel: string;
  readonly initramfs: string;
};

/**
 * Reads an image's manifest and checks that its files are there with the right sizes.
 * @throws {ImageCorruptError} Naming the first file that is missing, malformed or of another size.
 */
export async function loadImage(directory: string): Promise<Image> {
  const manifest = await readManifest(join(directory, MANIFEST_FILE));
  for (const name of IMAGE_FILES) {
    const path = join(directory, name);
    const found = await sizeOf(path);
    const { bytes } = manifest.files[name];
    if (found !== bytes) throw new ImageCorruptError(path, `has ${found} bytes, the manifest says ${bytes}`);
  }
  return {
    directory: await realpath(directory),
    manifest,
    root: join(directory, 'root.erofs'),
    kernel: join(directory, 'vmlinuz'),
    initramfs: join(directory, 'initramfs'),
  };
}

/**
 * {@link loadImage}, and compares each file's SHA-256: reads the whole image.
 * @param digest What reads it, where that is to take its time.
 * @throws {ImageCorruptError} Naming the first file that is not as the manifest says.
 */
export async function verifyImage(
  directory: string,
  signal?: AbortSignal,
  digest: Digest = (path) => digestFile(path, signal),
): Promise<Image> {
  const image = await loadImage(directory);
  for (const name of IMAGE_FILES) {
    const path = join(directory, name);
    const { sha256 } = await ofFile(path, digest(path));
    if (sha256 !== image.manifest.files[name].sha256)
      throw new ImageCorruptError(path, 'has another SHA-256 than the manifest says');
  }
  return image;
}

/**
 * The image that new templates are baked from.
 * @throws {ImageError} When no image was built yet.
 * @throws {ImageCorruptError} As {@link loadImage}.
 */
export async function loadCurrentImage(home: string): Promise<Image> {
  const link = currentImage(home);
  const directory = await realpath(link).catch((cause: unknown) => {
    throw new ImageError(`there is no image at ${link}; build one first`, { cause });
  });
  return loadImage(directory);
}

async function readManifest(path: string): Promise<ImageManifest> {
  const text = await ofFile(path, readFile(path, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ImageCorruptError(path, 'is not JSON', { cause });
  }
  if (Value.Check(ImageManifest, value)) return value;
  const [error] = Value.Errors(ImageManifest, value);
  throw new ImageCorruptError(path, `is malformed: ${error?.path || '/'}: ${error?.message ?? 'unknown'}`);
}

const sizeOf = async (path: string): Promise<number> => (await ofFile(path, stat(path))).size;

/** @throws {ImageCorruptError} When reading fails for the file's own fault. @throws What it fails with otherwise. */
async function ofFile<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const why = whyUnreadable(cause);
    throw why === undefined ? cause : new ImageCorruptError(path, why, { cause });
  }
}
