/** Compiles what makes a QEMU a fork server. */
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bareEnvironment } from '../../lib/child-environment.ts';
import { sha256 } from '../../lib/digest.ts';

const run = promisify(execFile);

const SOURCE = fileURLToPath(new URL('fork-server.c', import.meta.url));
const COMPILER = 'gcc';
const OPTIONS = ['-O2', '-fPIC', '-shared', '-fno-omit-frame-pointer'];

/** It cannot be compiled here. */
export class ForkLibraryError extends Error {
  override readonly name = 'ForkLibraryError';
}

/**
 * Compiles it, unless that was done before.
 * @param home The data folder, which keeps it.
 * @returns Its path.
 * @throws {ForkLibraryError} When there is no compiler, or it fails.
 */
export async function buildForkLibrary(home: string): Promise<string> {
  const folder = join(home, 'fork-server');
  const version = sha256([...OPTIONS, await readFile(SOURCE, 'utf8')].join('\n')).slice(0, 16);
  const path = join(folder, `${version}.so`);
  if (await isThere(path)) return path;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const old of await readdir(folder)) await rm(join(folder, old));
  const unfinished = `${path}.${process.pid}`;
  try {
    await run(COMPILER, [...OPTIONS, '-o', unfinished, SOURCE], { env: bareEnvironment() });
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new ForkLibraryError(
      `${COMPILER} does not compile the fork server, without which each guest is restored by itself; install the packages gcc and libc6-dev`,
      { cause },
    );
  }
  await chmod(unfinished, 0o500);
  await rename(unfinished, path);
  return path;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
