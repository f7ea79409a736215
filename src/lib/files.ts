/** Files and folders that are only ever seen whole. */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file so that a reader sees the old content or the new, also after a power cut. */
export async function writeFileAtomic(path: string, content: string, mode = 0o644): Promise<void> {
  const staged = `${path}.${process.pid}.tmp`;
  try {
    await writeSynced(staged, content, mode);
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a file that is not there yet, so that a reader sees nothing or the whole content.
 * @returns Whether it was made; false leaves the one that is there.
 */
export async function createFileAtomic(path: string, content: string, mode: number): Promise<boolean> {
  const staged = `${path}.${randomUUID()}.tmp`;
  try {
    await writeSynced(staged, content, mode);
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

async function writeSynced(path: string, content: string, mode: number): Promise<void> {
  await using file = await open(path, 'w', mode);
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
