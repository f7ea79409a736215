import { describe, expect, it } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpioArchive } from '../../src/image/cpio.ts';
import { initramfsEntries } from '../../src/image/initramfs.ts';
import { kernelModules } from '../../src/image/kernel-modules.ts';
import { recipe } from '../../vm-images/base/recipe.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('kernel modules', () => {
  const modules = { 'virtio.ko': 'virtio_ring', 'virtio-ring.ko': '', 'virtio_blk.ko': 'virtio,virtio_ring' };

  async function folder() {
    const directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'kernel/drivers'), { recursive: true });
    for (const [name, depends] of Object.entries(modules))
      await writeFile(
        join(directory.path, 'kernel/drivers', name),
        `ELF\0license=GPL\0depends=${depends}\0name=x\0`,
      );
    return directory;
  }

  it('come with their dependencies, each after those it needs', async () => {
    await using directory = await folder();
    const found = await kernelModules(directory.path, ['virtio_blk', 'virtio']);
    expect(found.map(({ name }) => name)).toEqual(['virtio_ring', 'virtio', 'virtio_blk']);
  });

  it('that are missing are named', async () => {
    await using directory = await folder();
    await expect(kernelModules(directory.path, ['erofs'])).rejects.toThrow('erofs, needed by the recipe');
  });
});

describe('a cpio archive', () => {
  it('unpacks to the files, folders and links that went in', async () => {
    await using directory = await temporaryDirectory();
    const archive = cpioArchive([
      { path: 'bin', type: 'directory' },
      { path: 'bin/tool', type: 'file', content: bytes('#!/bin/sh\necho odd\n'), executable: true },
      { path: 'bin/other', type: 'link', target: 'tool' },
      { path: 'empty', type: 'file', content: bytes('') },
    ]);
    const cpio = spawnSync('cpio', ['-idm', '--quiet'], { cwd: directory.path, input: archive });
    expect(cpio.status).toBe(0);
    expect(await readFile(join(directory.path, 'bin/other'), 'utf8')).toBe('#!/bin/sh\necho odd\n');
    expect(await readFile(join(directory.path, 'empty'), 'utf8')).toBe('');
    const run = spawnSync(join(directory.path, 'bin/tool'), { encoding: 'utf8' });
    expect(run.stdout).toBe('odd\n');
  });

  it('has the same bytes for the same entries', () => {
    const entries = () => initramfsEntries(recipe, bytes('init'), bytes('busybox'), []);
    expect(cpioArchive(entries())).toEqual(cpioArchive(entries()));
  });
});

it('the initramfs carries the sizes of the recipe and the modules in load order', () => {
  const modules = ['virtio_ring', 'virtio'].map((name) => ({ name, content: bytes(name) }));
  const entries = initramfsEntries(recipe, bytes('init'), bytes('busybox'), modules);
  const settings = entries.find(({ path }) => path === 'settings');
  const text = settings?.type === 'file' ? new TextDecoder().decode(settings.content) : '';
  expect(text).toContain("MODULES='virtio_ring virtio'\n");
  expect(text).toContain(`PROGRAMS_MIB='${recipe.tmpfsMiB.programs}'\n`);
  expect(entries.filter(({ path }) => path.startsWith('modules/'))).toHaveLength(2);
});
