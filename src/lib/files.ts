/** Files and folders that are only ever seen whole. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { chmod, link, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** For the user who makes it, and for nobody else. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Makes a folder, with those it is in, for this user alone, whatever the umask. One that is there is taken from all
 * others.
 * @throws When it is another user's.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
  await chmod(path, PRIVATE_FOLDER);
}

/** Others can change what is in a folder. Says who, and what to do. */
export class SharedFolderError extends Error {
  override readonly name = 'SharedFolderError';
}

/**
 * Makes a folder for this user alone, with those it is in. One that is there may be listed by others, as it may be the
 * operator's for more than this; but nobody else may put files into it or take them away.
 * @throws {SharedFolderError} When others may.
 */
export function makeUnsharedFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
  const { uid, mode } = statSync(path);
  const self = process.getuid?.() ?? uid;
  if (uid !== self && uid !== 0) {
    throw new SharedFolderError(
      `${path} is another user's (${uid}); chown ${self} it, or use another folder`,
    );
  }
  if ((mode & 0o022) !== 0) {
    const found = (mode & 0o7777).toString(8);
    throw new SharedFolderError(`${path} may be written by others (mode ${found}); chmod 700 it`);
  }
}

/**
 * Writes a file so that a reader sees the old content or the new, also after a power cut. Only this user can read
 * it.
 */
export async function writeFileAtomic(path: string, content: string): Promise<void> {
  const staged = `${path}.${process.pid}.tmp`;
  try {
    await writeSynced(staged, content);
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a file that is not there yet, so that a reader sees nothing or the whole content. Only this user can read
 * it.
 * @returns Whether it was made; false leaves the one that is there.
 */
export async function createFileAtomic(path: string, content: string): Promise<boolean> {
  const staged = `${path}.${randomUUID()}.tmp`;
  try {
    await writeSynced(staged, content);
    await link(staged, path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

async function writeSynced(path: string, content: string): Promise<void> {
  await using file = await open(path, 'w', PRIVATE_FILE);
  // A umask takes from the mode of a new file, and one that a killed process left keeps its own.
  await file.chmod(PRIVATE_FILE);
  await file.writeFile(content);
  await file.sync();
}

/** Flushes a folder's entries to disk, so that a rename in it survives a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

/** Points the symbolic link at `target` in one step; a reader sees the old target or the new. */
export async function switchLink(link: string, target: string): Promise<void> {
  const staged = `${link}.${process.pid}.tmp`;
  await rm(staged, { force: true });
  await symlink(target, staged);
  try {
    await rename(staged, link);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(dirname(link));
}

/** Where a symbolic link points, or undefined when there is none. */
export async function readLink(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Entries of a folder that need not exist. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Whether `error` is a system error with this code, as `ENOENT`. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
