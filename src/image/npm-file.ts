/** Takes one file out of an npm package. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { ImageError } from './errors.ts';
import type { NpmFile } from './recipe.ts';

/**
 * Installs the package with this process's own Bun, from the registry that is configured for it, into
 * `directory` (made, and left for the caller to remove), and returns the wanted file's path there.
 * @throws {ImageError} When the registry's package is not the one that the recipe pins.
 * @throws {CommandFailedError} When the installation fails.
 */
export async function fetchNpmFile(
  wanted: NpmFile,
  directory: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const manifest = { name: 'codeland-image', private: true, dependencies: { [wanted.name]: wanted.version } };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  // Its own cache: the tarball is then downloaded now, and so compared with the integrity now.
  const flags = ['--ignore-scripts', '--no-progress', '--save-text-lockfile', '--linker', 'hoisted'];
  await runCommand(
    [
      process.execPath,
      'install',
      ...flags,
      '--cpu',
      'x64',
      '--os',
      'linux',
      '--cache-dir',
      join(directory, 'cache'),
    ],
    // BE_BUN: a compiled CodeLand is its own Bun.
    { cwd: directory, signal, env: { BUN_BE_BUN: '1' } },
  );
  const lock = await readFile(join(directory, 'bun.lock'), 'utf8');
  if (!lock.includes(`"${wanted.integrity}"`))
    throw new ImageError(`${wanted.name}@${wanted.version}: the registry's package has another integrity`);
  return join(directory, 'node_modules', wanted.name, wanted.file);
}
