/** Whether a template's files are what its manifest says. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestFile } from '../lib/digest.ts';
import {
  type FileRecord,
  type Manifest,
  ofFile,
  RAM_FILE,
  readManifest,
  STATE_FILE,
  TemplateDamagedError,
} from './manifest.ts';

/**
 * Reads the whole template, a second or two of work.
 * @param digest What reads it, where that is to take its time.
 * @throws {TemplateDamagedError} When a file is missing or differs from its record; the message names it.
 * @throws {TemplateMisfitError} When another version of CodeLand baked it.
 */
export async function checkTemplate(folder: string, digest: Digest = digestFile): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await checkFile(join(folder, STATE_FILE), manifest.files.state, digest);
  await checkFile(join(folder, RAM_FILE), manifest.files.ram, digest);
  return manifest;
}

async function checkFile(path: string, record: FileRecord, digest: Digest): Promise<void> {
  const { size } = await ofFile(path, stat(path));
  if (size !== record.bytes) {
    throw new TemplateDamagedError(path, `has ${size} bytes, the manifest says ${record.bytes}`);
  }
  const { sha256 } = await ofFile(path, digest(path));
  if (sha256 !== record.sha256) {
    throw new TemplateDamagedError(
      path,
      `is damaged: its SHA-256 is ${sha256}, the manifest says ${record.sha256}`,
    );
  }
}
