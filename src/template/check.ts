/** Whether a template's files are what its manifest says. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile } from '../lib/digest.ts';
import {
  type FileRecord,
  type Manifest,
  RAM_FILE,
  readManifest,
  STATE_FILE,
  TemplateError,
} from './manifest.ts';

/**
 * Reads the whole template, a second or two of work.
 * @throws {TemplateError} When a file is missing or differs from its record; the message names it.
 */
export async function checkTemplate(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await checkFile(join(folder, STATE_FILE), manifest.files.state);
  await checkFile(join(folder, RAM_FILE), manifest.files.ram);
  return manifest;
}

/** @throws {TemplateError} When the file is missing or differs from its record. */
export async function checkFile(path: string, record: FileRecord): Promise<void> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new TemplateError(`${path} is missing`, { cause });
  });
  if (size !== record.bytes)
    throw new TemplateError(`${path} has ${size} bytes, the manifest says ${record.bytes}`);
  const { sha256 } = await digestFile(path);
  if (sha256 !== record.sha256) {
    throw new TemplateError(
      `${path} is damaged: its SHA-256 is ${sha256}, the manifest says ${record.sha256}`,
    );
  }
}
