/** What a backup says of itself: `backup.json`, beside what it lists. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { digestFile } from '../lib/digest.ts';

/** Raised when an older reader would misunderstand a backup. */
const FORMAT = 1;
export const MANIFEST = 'backup.json';

/** Names in a backup of what is kept elsewhere by another name. */
export const DATABASE = 'codeland.db';
export const KEY = 'key';
export const SETTINGS_FILE = 'codeland.conf';

const strict = { additionalProperties: false } as const;
/** Below `images/` or `templates/` at most one folder deep, so that nothing else of a data folder can be replaced. */
const Path = Type.RegExp(
  /^(codeland\.db|key|codeland\.conf|(images|templates)\/[0-9a-z-]{1,64}\/[\w.-]{1,64})$/,
);
const Id = Type.Union([Type.RegExp(/^[0-9a-z-]{1,64}$/), Type.Null()]);

const BackupManifest = Type.Object(
  {
    format: Type.Literal(FORMAT),
    /** RFC 3339, UTC. */
    created: Type.String(),
    /** Version of the service. */
    version: Type.String(),
    /** The image and the template that were current, where they are in it. */
    image: Id,
    template: Id,
    files: Type.Record(
      Path,
      Type.Object({ sha256: Type.RegExp(/^[0-9a-f]{64}$/), bytes: Type.Integer({ minimum: 0 }) }, strict),
      strict,
    ),
  },
  strict,
);
export type BackupManifest = Static<typeof BackupManifest>;

/** A backup that could not be made or cannot be used. Says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** @param files Names in the backup, and where the files are now. */
export async function describeFiles(files: ReadonlyMap<string, string>): Promise<BackupManifest['files']> {
  const described: BackupManifest['files'] = {};
  for (const [name, path] of files) described[name] = await digestFile(path);
  return described;
}

export const newManifest = (about: Omit<BackupManifest, 'format' | 'created'>): BackupManifest => ({
  format: FORMAT,
  created: new Date().toISOString(),
  ...about,
});

/**
 * The manifest of an unpacked backup, all that it lists read and compared.
 * @throws {BackupError} When it is none, or is not whole.
 */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause) => {
    throw new BackupError('it is no backup of scripts/backup', { cause });
  });
  const manifest = parse(text);
  if (!manifest.files[DATABASE]) throw new BackupError('it has no database');
  for (const [name, expected] of Object.entries(manifest.files)) {
    const found = await digestFile(join(folder, name)).catch(() => undefined);
    if (found?.sha256 !== expected.sha256) throw new BackupError(`it is damaged: ${name} is not as it was`);
  }
  return manifest;
}

function parse(text: string): BackupManifest {
  const value: unknown = JSON.parse(text);
  if (Value.Check(BackupManifest, value)) return value;
  throw new BackupError('it was made by another version, or is damaged: its backup.json is of another form');
}
