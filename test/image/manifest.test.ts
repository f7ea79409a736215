import { describe, expect, it } from 'bun:test';
import { appendFile, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageCorruptError, ImageError } from '../../src/image/errors.ts';
import { loadCurrentImage, loadImage, verifyImage } from '../../src/image/manifest.ts';
import { IMAGE_CONTENT, IMAGE_ID, imageManifest, writeImage } from '../support/image-files.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

/** A data folder with one small image that is current. */
async function home() {
  const directory = await temporaryDirectory();
  const image = await writeImage(directory.path);
  await symlink(IMAGE_ID, join(directory.path, 'images/current'));
  return { image, path: directory.path, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe('an image', () => {
  it('is loaded and verified when every file is as the manifest says', async () => {
    await using at = await home();
    const image = await verifyImage(at.image);
    expect(image.manifest).toEqual(imageManifest);
    expect(await readFile(image.kernel, 'utf8')).toBe(IMAGE_CONTENT.vmlinuz);
  });

  it('that is current is given by its own folder, not by the link', async () => {
    await using at = await home();
    const image = await loadCurrentImage(at.path);
    expect(image.directory).toEndWith(IMAGE_ID);
    expect(image.root).toStartWith(image.directory);
  });

  it('is said to be missing when none was built', async () => {
    await using directory = await temporaryDirectory();
    await expect(loadCurrentImage(directory.path)).rejects.toThrow(ImageError);
  });

  for (const name of ['root.erofs', 'vmlinuz', 'initramfs', 'manifest.json']) {
    it(`is refused, naming ${name}, when that is missing`, async () => {
      await using at = await home();
      await rm(join(at.image, name));
      await expect(loadImage(at.image)).rejects.toThrow(ImageCorruptError);
      await expect(loadImage(at.image)).rejects.toThrow(join(at.image, name));
    });

    it(`is refused, naming ${name}, when that is cut short`, async () => {
      await using at = await home();
      await truncate(join(at.image, name), 3);
      await expect(loadImage(at.image)).rejects.toThrow(join(at.image, name));
    });
  }

  it('is refused when a file has another content of the same size', async () => {
    await using at = await home();
    await writeFile(join(at.image, 'vmlinuz'), 'lernek');
    await loadImage(at.image);
    await expect(verifyImage(at.image)).rejects.toThrow(`${join(at.image, 'vmlinuz')} has another SHA-256`);
  });

  it('is refused when a file has grown', async () => {
    await using at = await home();
    await appendFile(join(at.image, 'initramfs'), 'x');
    await expect(loadImage(at.image)).rejects.toThrow('the manifest says 14');
  });

  it.each([
    ['another format', { ...imageManifest, format: 2 }, '/format'],
    ['a field too many', { ...imageManifest, extra: 1 }, '/extra'],
    ['a digest that is none', { ...imageManifest, inputs: 'abc' }, '/inputs'],
  ])('is refused with %s in its manifest', async (_what, value, path) => {
    await using at = await home();
    await writeFile(join(at.image, 'manifest.json'), JSON.stringify(value));
    await expect(loadImage(at.image)).rejects.toThrow(`is malformed: ${path}:`);
  });
});
