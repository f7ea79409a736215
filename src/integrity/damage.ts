/** What a check of files found to be wrong. */
import { basename } from 'node:path';
import { ImageCorruptError } from '../image/errors.ts';
import { quarantineImage } from '../image/quarantine.ts';
import { readManifest, TemplateDamagedError } from '../template/manifest.ts';
import type { TemplateStore } from '../template/store.ts';

/** A file that is missing, or is not what its manifest says. */
export type Damage = TemplateDamagedError | ImageCorruptError;

export const isDamage = (error: unknown): error is Damage =>
  error instanceof TemplateDamagedError || error instanceof ImageCorruptError;

/** The file, as the metrics call it: one of a fixed set. */
export const damagedFile = ({ path }: Damage): string => basename(path);

/**
 * Takes a template out of use because of damage to it or to the image that it was baked from, which is taken out of use
 * as well. The last good template takes its place, if it is whole.
 * @param folder The template's.
 */
export async function quarantine(
  { home, store }: { home: string; store: TemplateStore },
  folder: string,
  damage: Damage,
): Promise<void> {
  if (damage instanceof ImageCorruptError) {
    const { pins } = await readManifest(folder);
    await quarantineImage(home, pins.imageId);
  }
  await store.quarantine(basename(folder), damage.message);
}
