/** Puts a backup into a data folder. What was there before is kept beside it. */
import { link, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFile } from '../access/first-key.ts';
import { currentImage, imageDirectory, imagesDirectory } from '../image/paths.ts';
import {
  isErrno,
  makePrivateFolder,
  makeUnsharedFolder,
  PRIVATE_FOLDER,
  readLink,
  switchLink,
  syncFolder,
} from '../lib/files.ts';
import { removeDeadStaging, Staging } from '../lib/staging.ts';
import { findServer } from '../server-record.ts';
import { Database, databaseFile } from '../store/database.ts';
import { TemplateError } from '../template/manifest.ts';
import { TemplateStore } from '../template/store.ts';
import { BackupError, type BackupManifest, DATABASE, KEY, readManifest } from './manifest.ts';
import { tar } from './tar.ts';

export type Restored = {
  readonly manifest: BackupManifest;
  /** Where the database and the key are that were there before, if any were. */
  readonly replaced: string | undefined;
};

/**
 * Nothing of the data folder is changed before the whole backup was checked.
 * @throws {BackupError} When a server uses the folder, or the backup is not whole.
 * @throws {StoreError} When its database was made by a newer version.
 * @throws {SharedFolderError} When others may write to the data folder.
 */
export async function restore(file: string, home: string): Promise<Restored> {
  await refuseServer(home);
  makeUnsharedFolder(home);
  await removeDeadStaging(home);
  await using staging = await Staging.create(home);
  await tar(['--extract', '--gzip', '--no-same-owner', '--file', file, '-C', staging.path]);
  const manifest = await readManifest(staging.path);
  checkDatabase(staging.path);
  await placeImage(manifest, staging, home);
  await placeTemplate(manifest, staging, home);
  await refuseServer(home);
  const replaced = await keepOld(home);
  // A new database with the old one's log would be neither.
  for (const suffix of LOGS) await rm(databaseFile(home) + suffix, { force: true });
  await rename(join(staging.path, DATABASE), databaseFile(home));
  await rm(keyFile(home), { force: true });
  if (manifest.files[KEY]) await rename(join(staging.path, KEY), keyFile(home));
  await syncFolder(home);
  return { manifest, replaced };
}

const LOGS = ['-wal', '-shm'] as const;

async function refuseServer(home: string): Promise<void> {
  const server = await findServer(home);
  if (server)
    throw new BackupError(`the server (pid ${server.pid}) uses ${home}; end it first: scripts/down`);
}

/** @throws {StoreError} When it is of a newer version. @throws {BackupError} When it is damaged. */
function checkDatabase(folder: string): void {
  using database = Database.open(folder);
  const [fault] = database.faults();
  if (fault !== undefined) throw new BackupError(`the database in it is damaged: ${fault}`);
}

/** Links database and key of before into a folder of their own. */
async function keepOld(home: string): Promise<string | undefined> {
  const folder = join(home, `replaced-${new Date().toISOString().replaceAll(':', '-')}`);
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  let isEmpty = true;
  for (const name of [DATABASE, ...LOGS.map((suffix) => DATABASE + suffix), KEY]) {
    try {
      await link(join(home, name), join(folder, name));
      isEmpty = false;
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
  if (isEmpty) await rm(folder, { recursive: true });
  else await syncFolder(folder);
  return isEmpty ? undefined : folder;
}

/** Adds the image, and makes it current where none is. */
async function placeImage({ image }: BackupManifest, staging: Staging, home: string): Promise<void> {
  if (image === null) return;
  await makePrivateFolder(imagesDirectory(home));
  await renameIfNew(join(staging.path, 'images', image), imageDirectory(home, image));
  if ((await readLink(currentImage(home))) === undefined) await switchLink(currentImage(home), image);
}

/** Adds the template, and promotes it where none is. */
async function placeTemplate({ template }: BackupManifest, staging: Staging, home: string): Promise<void> {
  if (template === null) return;
  const store = new TemplateStore(home);
  await makePrivateFolder(join(home, 'templates'));
  await renameIfNew(join(staging.path, 'templates', template), store.folder(template));
  const current = await store.current().catch((error) => {
    if (!(error instanceof TemplateError)) throw error;
    return undefined;
  });
  if (current === undefined) await store.promote(template);
}

/** One that is there already stays: it has the same name for the same content, and may be in use. */
async function renameIfNew(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
  }
}
