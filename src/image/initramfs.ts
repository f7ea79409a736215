/** Kernel and initramfs, from a base layer's boot packages. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BASE_FOLDER } from './base-layer.ts';
import { runCommand } from './command.ts';
import { type CpioEntry, cpioArchive } from './cpio.ts';
import { ImageError } from './errors.ts';
import { type KernelModule, kernelModules } from './kernel-modules.ts';
import type { Recipe } from './recipe.ts';

export type BootFiles = {
  readonly kernel: Uint8Array;
  readonly initramfs: Uint8Array;
  /** As `uname -r` gives it. */
  readonly kernelVersion: string;
};

/**
 * Reads the kernel from the base layer and makes the initramfs.
 * @param directory An empty folder to unpack to; the caller removes it.
 * @param init The initramfs's `/init`.
 * @throws {ImageError} When the packages hold no kernel, busybox or wanted module.
 */
export async function bootFiles(
  baseTar: string,
  recipe: Recipe,
  init: Uint8Array,
  directory: string,
  signal?: AbortSignal,
): Promise<BootFiles> {
  await mkdir(directory, { recursive: true });
  await runCommand(['tar', '-xf', baseTar, '-C', directory, `./${BASE_FOLDER}`], { signal });
  const packages = join(directory, BASE_FOLDER);
  const unpacked = join(directory, 'unpacked');
  for (const name of await readdir(packages))
    if (name.endsWith('.deb'))
      await runCommand(['dpkg-deb', '-x', join(packages, name), unpacked], { signal });

  const [kernelVersion, another] = await readdir(join(unpacked, 'lib/modules'));
  if (!kernelVersion || another) throw new ImageError(`expected one kernel in ${recipe.kernelPackage}`);
  const modules = await kernelModules(join(unpacked, 'lib/modules', kernelVersion), recipe.kernelModules);
  const busybox = await readFile(join(unpacked, 'bin/busybox'));
  return {
    kernel: await readFile(join(unpacked, 'boot', `vmlinuz-${kernelVersion}`)),
    initramfs: cpioArchive(initramfsEntries(recipe, init, busybox, modules)),
    kernelVersion,
  };
}

/** What is in the initramfs. Uncompressed: it is small, and unpacking it is then only copying. */
export function initramfsEntries(
  recipe: Recipe,
  init: Uint8Array,
  busybox: Uint8Array,
  modules: readonly KernelModule[],
): readonly CpioEntry[] {
  const directories = ['bin', 'dev', 'proc', 'sys', 'modules'];
  return [
    ...directories.map((path): CpioEntry => ({ path, type: 'directory' })),
    // The kernel opens it for /init before /init can mount anything.
    { path: 'dev/console', type: 'device', major: 5, minor: 1 },
    { path: 'init', type: 'file', content: init, executable: true },
    { path: 'bin/busybox', type: 'file', content: busybox, executable: true },
    { path: 'bin/sh', type: 'link', target: 'busybox' },
    { path: 'settings', type: 'file', content: Buffer.from(initSettings(recipe, modules)) },
    ...modules.map(({ name, content }): CpioEntry => ({ path: `modules/${name}.ko`, type: 'file', content })),
  ];
}

/** The recipe's numbers and the modules in load order, for the init script to read. */
function initSettings(recipe: Recipe, modules: readonly KernelModule[]): string {
  const { tmpfsMiB: size, user } = recipe;
  const settings = {
    MODULES: modules.map(({ name }) => name).join(' '),
    PROGRAMS_MIB: size.programs,
    RUN_MIB: size.run,
    RUNNER_HOME: user.home,
    RUNNER_UID: user.uid,
    RUNNER_GID: user.gid,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

/** Writes both files into an image's folder. */
export async function writeBootFiles(files: BootFiles, directory: string): Promise<void> {
  await writeFile(join(directory, 'vmlinuz'), files.kernel);
  await writeFile(join(directory, 'initramfs'), files.initramfs);
}
