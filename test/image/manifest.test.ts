import { describe, expect, it } from 'bun:test';
import { appendFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageCorruptError, ImageError } from '../../src/image/errors.ts';
import { type ImageManifest, loadCurrentImage, loadImage, verifyImage } from '../../src/image/manifest.ts';
import { sha256 } from '../../src/lib/digest.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const CONTENT = { 'root.erofs': 'root file system', vmlinuz: 'kernel', initramfs: 'first programs' } as const;
const ID = '0123456789abcdef'.repeat(2);

const record = (text: string) => ({ sha256: sha256(text), bytes: text.length });
const manifest: ImageManifest = {
  format: 1,
  id: ID,
  inputs: 'ab'.repeat(32),
  created: '2026-01-01T00:00:00.000Z',
  files: {
    'root.erofs': record(CONTENT['root.erofs']),
    vmlinuz: record(CONTENT.vmlinuz),
    initramfs: record(CONTENT.initramfs),
  },
  architecture: 'amd64',
  kernelVersion: '6.1.0-1-cloud-amd64',
  bun: { package: 'bun', version: '1.0.0', integrity: 'sha512-' },
  agent: { protocol: 1, sha256: 'cd'.repeat(32) },
  languages: ['python'],
  packages: [{ layer: 'root', name: 'bash', version: '5.2', sha256: 'ef'.repeat(32) }],
  drift: [],
  memoryMiB: 256,
  tmpfsMiB: { programs: 1, run: 1 },
  user: { name: 'runner', uid: 1000, gid: 1000, home: '/home/runner' },
};

/** A data folder with one small image that is current. */
async function home() {
  const directory = await temporaryDirectory();
  const image = join(directory.path, 'images', ID);
  await mkdir(image, { recursive: true });
  for (const [name, text] of Object.entries(CONTENT)) await writeFile(join(image, name), text);
  await writeFile(join(image, 'manifest.json'), JSON.stringify(manifest));
  await symlink(ID, join(directory.path, 'images/current'));
  return { image, path: directory.path, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe('an image', () => {
  it('is loaded and verified when every file is as the manifest says', async () => {
    await using at = await home();
    const image = await verifyImage(at.image);
    expect(image.manifest).toEqual(manifest);
    expect(await readFile(image.kernel, 'utf8')).toBe(CONTENT.vmlinuz);
  });

  it('that is current is given by its own folder, not by the link', async () => {
    await using at = await home();
    const image = await loadCurrentImage(at.path);
    expect(image.directory).toEndWith(ID);
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
    ['another format', { ...manifest, format: 2 }, '/format'],
    ['a field too many', { ...manifest, extra: 1 }, '/extra'],
    ['a digest that is none', { ...manifest, inputs: 'abc' }, '/inputs'],
  ])('is refused with %s in its manifest', async (_what, value, path) => {
    await using at = await home();
    await writeFile(join(at.image, 'manifest.json'), JSON.stringify(value));
    await expect(loadImage(at.image)).rejects.toThrow(`is malformed: ${path}:`);
  });
});
