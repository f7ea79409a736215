/** The files of a run. All is written with the rights of the programs' user: no link leads further than theirs. */
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { libc } from './libc.ts';
import type { Settings } from './settings.ts';

/** What a run comes with cannot be put where it belongs. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}

/** Does file work with the rights of a user; only for synchronous work. */
function asUser<T>({ uid, gid }: Settings['user'], work: () => T): T {
  libc.setfsgid(gid);
  libc.setfsuid(uid);
  try {
    return work();
  } finally {
    libc.setfsuid(0);
    libc.setfsgid(0);
  }
}

/**
 * Writes files into the working directory.
 * @param files Path relative to it → content.
 * @throws {WorkspaceError} When a path leads out or a file cannot be written.
 */
export function writeFiles(settings: Settings, files: Iterable<readonly [string, string]>): void {
  asUser(settings.user, () => {
    for (const [path, content] of files) {
      const target = resolveInside(settings.home, path);
      try {
        if (path.includes('/')) mkdirSync(dirname(target), { recursive: true });
        writeNew(target, content);
      } catch (cause) {
        throw new WorkspaceError(`cannot write ${path}: ${String(cause)}`, {
          cause,
        });
      }
    }
  });
}

/** @throws {WorkspaceError} When `path` is not that of a file below `directory`. */
export function resolveInside(directory: string, path: string): string {
  const plain = normalize(path);
  const leadsOut = plain === '..' || plain.startsWith('../') || plain.startsWith('/');
  if (leadsOut || plain === '.' || plain.endsWith('/') || path.includes('\0'))
    throw new WorkspaceError(`not a path of a file in the working directory: ${JSON.stringify(path)}`);
  return join(directory, plain);
}

/** Writes a file that is not there yet, in place of whatever is there. */
function writeNew(path: string, content: string): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  let fd: number;
  try {
    fd = openSync(path, flags, 0o644);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    rmSync(path, { recursive: true });
    fd = openSync(path, flags, 0o644);
  }
  try {
    if (content !== '') writeFileSync(fd, content);
  } finally {
    closeSync(fd);
  }
}

/** Writes a file of the agent's own, for a run to read. @throws {WorkspaceError} When there is no room for it. */
export function writePrivate(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o644 });
  } catch (cause) {
    throw new WorkspaceError(`cannot keep the input of the run: ${String(cause)}`, { cause });
  }
}

/** Removes a file of the working directory, if it is there. */
export function removeFile(settings: Settings, path: string): void {
  asUser(settings.user, () => rmSync(resolveInside(settings.home, path), { force: true }));
}

/** Removes what programs left behind. To be called when none of them is left. */
export function cleanWorkspace(settings: Settings): void {
  for (const name of readdirSync(settings.home))
    rmSync(join(settings.home, name), { recursive: true, force: true });
  for (const directory of settings.scratch)
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (lstatSync(path).uid === settings.user.uid) rmSync(path, { recursive: true, force: true });
    }
}
