/** Folders that a build works in, beside where its result goes, and how a result becomes visible. */
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isErrno, listFolder, makePrivateFolder } from './files.ts';
import { identifyProcess, isAlive } from './process-identity.ts';

const STAGING = /^\.staging-(\d+)-(\d+)-[0-9a-f]+$/;

/** A folder that is gone when its scope ends; renaming it, or what is in it, away is how its content stays. */
export class Staging implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes a new folder in `parent` (made too), named for the process that owns it. */
  static async create(parent: string): Promise<Staging> {
    const started = (await identifyProcess(process.pid))?.startTicks ?? 0;
    const path = join(parent, `.staging-${process.pid}-${started}-${randomBytes(6).toString('hex')}`);
    await makePrivateFolder(path);
    return new Staging(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Removes the staging folders in `parent` whose process is gone (its id may have been given out again). */
export async function removeDeadStaging(parent: string): Promise<void> {
  for (const name of await listFolder(parent)) {
    const [, pid, started] = STAGING.exec(name) ?? [];
    if (!pid || (await isAlive({ pid: Number(pid), startTicks: Number(started) }))) continue;
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
