/** Makes a backup of a data folder, also while a server uses it. */
import { open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { keyFile } from '../access/first-key.ts';
import { currentImage } from '../image/paths.ts';
import { isErrno, PRIVATE_FILE, syncFolder, writeFileAtomic } from '../lib/files.ts';
import { removeDeadStaging, Staging } from '../lib/staging.ts';
import { Database } from '../store/database.ts';
import { TemplateStore } from '../template/store.ts';
import {
  BackupError,
  type BackupManifest,
  DATABASE,
  describeFiles,
  KEY,
  MANIFEST,
  newManifest,
  SETTINGS_FILE,
} from './manifest.ts';
import { tar } from './tar.ts';

export type BackupOptions = {
  /** The data folder. */
  readonly home: string;
  /** Where the backup goes: an old one there is replaced by a whole new one, or stays. */
  readonly file: string;
  /** The operator's settings file, if there is one. */
  readonly settingsFile: string | undefined;
  readonly withImages: boolean;
  readonly signal?: AbortSignal;
};

/**
 * Writes a compressed archive that only this user can read, and compares it with what it was made from.
 * @throws {BackupError} When it is not whole.
 * @throws {StoreError} When the database cannot be used.
 */
export async function backUp(options: BackupOptions): Promise<BackupManifest> {
  const { home, file, signal } = options;
  await removeDeadStaging(home);
  await using staging = await Staging.create(home);
  const copies = await copySmall(options, staging.path);
  const { image, template, files: large } = options.withImages ? await findImages(home) : NOTHING;
  const files = new Map([...[...copies].map((name) => [name, join(staging.path, name)] as const), ...large]);
  const manifest = newManifest({
    version: packageJson.version,
    image,
    template,
    files: await describeFiles(files),
  });
  await writeFileAtomic(join(staging.path, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);

  const staged = `${file}.${process.pid}.tmp`;
  const content = ['-C', staging.path, MANIFEST, ...copies];
  if (large.size > 0) content.push('-C', home, ...large.keys());
  try {
    // tar(1) would make it readable for others, and leaves the mode of one that is there.
    await writeFile(staged, '', { mode: PRIVATE_FILE });
    await tar(['--create', '--gzip', '--sparse', '--file', staged, ...content], signal);
    await tar(['--compare', '--gzip', '--file', staged, ...content], signal);
    await sync(staged);
    await rename(staged, file);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
  return manifest;
}

/** @returns Names of what is in `folder` now: the database, and key and settings if there are any. */
async function copySmall({ home, settingsFile }: BackupOptions, folder: string): Promise<readonly string[]> {
  using database = Database.open(home);
  const [fault] = database.faults();
  if (fault !== undefined) {
    throw new BackupError(`${home}/${DATABASE} is damaged (${fault}); no backup is made over an older one`);
  }
  database.copyTo(join(folder, DATABASE));
  const copies = [DATABASE];
  for (const [name, path] of [
    [KEY, keyFile(home)],
    [SETTINGS_FILE, settingsFile],
  ] as const) {
    if (path !== undefined && (await copyIfThere(path, join(folder, name)))) copies.push(name);
  }
  return copies;
}

/** @returns Whether there is something in it. */
async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    const content = await readFile(from);
    if (content.length > 0) await writeFile(to, content, { mode: PRIVATE_FILE });
    return content.length > 0;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

type Images = Pick<BackupManifest, 'image' | 'template'> & { readonly files: ReadonlyMap<string, string> };
const NOTHING: Images = { image: null, template: null, files: new Map() };

/** The current image and the current template. */
async function findImages(home: string): Promise<Images> {
  const image = await realpath(currentImage(home));
  const template = await new TemplateStore(home).current();
  const files = new Map<string, string>();
  for (const [kind, folder] of [
    ['images', image],
    ['templates', template],
  ] as const) {
    for (const name of await readdir(folder))
      files.set(`${kind}/${basename(folder)}/${name}`, join(folder, name));
  }
  return { image: basename(image), template: basename(template), files };
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
