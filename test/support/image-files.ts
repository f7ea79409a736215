/** An image of a few bytes, for tests of what is done with its folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageManifest } from '../../src/image/manifest.ts';
import { imageDirectory } from '../../src/image/paths.ts';
import { sha256 } from '../../src/lib/digest.ts';

/** What its files hold. */
export const IMAGE_CONTENT = {
  'root.erofs': 'root file system',
  vmlinuz: 'kernel',
  initramfs: 'first programs',
} as const;
export const IMAGE_ID = '0123456789abcdef'.repeat(2);

const record = (text: string) => ({ sha256: sha256(text), bytes: text.length });
export const imageManifest: ImageManifest = {
  format: 1,
  id: IMAGE_ID,
  inputs: 'ab'.repeat(32),
  created: '2026-01-01T00:00:00.000Z',
  files: {
    'root.erofs': record(IMAGE_CONTENT['root.erofs']),
    vmlinuz: record(IMAGE_CONTENT.vmlinuz),
    initramfs: record(IMAGE_CONTENT.initramfs),
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

/** Puts the image into a data folder; gives its own folder. */
export async function writeImage(home: string, id = IMAGE_ID): Promise<string> {
  const folder = imageDirectory(home, id);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(IMAGE_CONTENT)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...imageManifest, id }));
  return folder;
}
