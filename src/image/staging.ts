/** Folders that a build works in, beside where its result goes, and how a result becomes visible. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const STAGING = /^\.staging-(\d+)-(\d+)-[0-9a-f]+$/;

/** Start time of a process in clock ticks since boot, or undefined when there is no such process. */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in parentheses, may hold spaces; field 22 is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** A folder that is gone when its scope ends; renaming it, or what is in it, away is how its content stays. */
export class Staging implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes a new folder in `parent` (made too), named for the process that owns it. */
  static async create(parent: string): Promise<Staging> {
    const started = (await startTime(process.pid)) ?? '0';
    const path = join(parent, `.staging-${process.pid}-${started}-${randomBytes(6).toString('hex')}`);
    await mkdir(path, { recursive: true });
    return new Staging(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Removes the staging folders in `parent` whose process is gone (its id may have been given out again). */
export async function removeDeadStaging(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, started] = STAGING.exec(name) ?? [];
    if (!pid || (await startTime(Number(pid))) === started) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * Makes `from` visible as the folder `to` with one rename. What `to` held (a damaged image) leaves with
 * another rename, so that `to` is at no time half one and half the other.
 * @param staging Where the old folder goes, to be removed with it.
 */
export async function publishDirectory(from: string, to: string, staging: Staging): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
    await rename(to, join(staging.path, `replaced-${basename(to)}`));
    await rename(from, to);
  }
}

/** Points the symbolic link `link` at its neighbour `target`, in one step for whoever reads it. */
export async function switchLink(link: string, target: string, staging: Staging): Promise<void> {
  const next = join(staging.path, 'link');
  // Relative to where the link ends up, so that the data folder can be moved.
  await symlink(target, next);
  await rename(next, join(dirname(link), basename(link)));
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
