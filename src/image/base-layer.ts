/**
 * The part of an image that comes from package archives: a tar file of the root file system with Bun, the
 * boot packages' .deb files and the list of packages used. Made once and kept, since it takes a minute.
 */
import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../lib/files.ts';
import { removeDeadStaging, Staging } from '../lib/staging.ts';
import { runCommand } from './command.ts';
import { debianSources } from './debian-sources.ts';
import { aptPreferences, type LockedPackage, parseLock } from './lock.ts';
import { fetchNpmFile } from './npm-file.ts';
import { VM_IMAGES } from './paths.ts';
import type { Recipe } from './recipe.ts';

/** Times in the image are this one, seconds since 1970; apt refuses signatures made after its "now". */
export const SOURCE_DATE_EPOCH = 1_700_000_000;

/** Folder in the tar file that holds what is not part of the root file system. */
export const BASE_FOLDER = 'codeland-base';

export type BaseLayerOptions = {
  /** Folder that keeps finished layers. */
  readonly cache: string;
  /** Digest of everything that decides the layer's content. */
  readonly digest: string;
  readonly recipe: Recipe;
  readonly lock: readonly LockedPackage[];
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Name of a layer's file. @param digest Of everything that decides its content. */
export const layerFile = (digest: string): string => `base-${digest.slice(0, 32)}.tar`;

/**
 * Path of the layer's tar file, from the cache or newly made.
 * @throws {CommandFailedError} When the bootstrap or the download fails.
 */
export async function baseLayer(options: BaseLayerOptions): Promise<string> {
  const { cache } = options;
  const path = join(cache, layerFile(options.digest));
  await makePrivateFolder(cache);
  if (await isFile(path)) return path;

  await removeDeadStaging(cache);
  await using staging = await Staging.create(cache);
  const tar = join(staging.path, 'base.tar');
  options.onProgress?.(`downloading ${options.recipe.bun.name}@${options.recipe.bun.version}`);
  const bun = await fetchNpmFile(options.recipe.bun, join(staging.path, 'npm'), options.signal);
  const preferences = join(staging.path, 'preferences');
  await writeFile(preferences, aptPreferences(options.lock));

  options.onProgress?.('installing Debian packages');
  const sources = await debianSources(options.recipe.suite, options.signal);
  await runCommand(bootstrapCommand(options.recipe, { tar, bun, preferences, sources }), {
    cwd: staging.path,
    env: bootstrapEnvironment(options.recipe),
    signal: options.signal,
    onLine: (line) => {
      if (/^[IWE]: /.test(line)) options.onProgress?.(line.slice(3));
    },
  });
  await rename(tar, path);
  return path;
}

/**
 * The packages that went into a layer, as its own list has them.
 * @throws {CommandFailedError} When the tar file cannot be read.
 */
export async function baseLayerPackages(
  tar: string,
  signal?: AbortSignal,
): Promise<readonly LockedPackage[]> {
  const text = await runCommand(['tar', '-xOf', tar, `./${BASE_FOLDER}/packages`], { signal });
  return parseLock(text);
}

/** The bootstrap's command line; a pure function of what it installs and where. */
export function bootstrapCommand(
  recipe: Recipe,
  at: { tar: string; bun: string; preferences: string; sources: readonly string[] },
): [string, ...string[]] {
  return [
    'mmdebstrap',
    '--variant=essential',
    '--format=tar',
    `--architectures=${recipe.architecture}`,
    `--include=${recipe.packages.join(',')}`,
    ...recipe.excludedPaths.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...recipe.includedPaths.map((path) => `--dpkgopt=path-include=${path}`),
    '--aptopt=APT::Install-Recommends "false"',
    '--skip=output/dev',
    '--setup-hook=mkdir -p "$1/etc/apt/preferences.d"',
    `--setup-hook=upload "${at.preferences}" /etc/apt/preferences.d/codeland`,
    '--customize-hook=mkdir -p "$1/usr/local/bin"',
    `--customize-hook=upload "${at.bun}" /usr/local/bin/bun`,
    '--customize-hook=chmod 0755 "$1/usr/local/bin/bun"',
    `--customize-hook=${join(VM_IMAGES, 'base/customize.sh')}`,
    recipe.suite,
    at.tar,
    ...at.sources,
  ];
}

const bootstrapEnvironment = (recipe: Recipe) => ({
  SOURCE_DATE_EPOCH: String(SOURCE_DATE_EPOCH),
  KERNEL_PACKAGE: recipe.kernelPackage,
  BUSYBOX_PACKAGE: recipe.busyboxPackage,
  RUNNER_NAME: recipe.user.name,
  RUNNER_UID: String(recipe.user.uid),
  RUNNER_GID: String(recipe.user.gid),
  RUNNER_HOME: recipe.user.home,
});

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
