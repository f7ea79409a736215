/** Templates of a few bytes, for tests of what is done with their folders. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../src/lib/digest.ts';
import { type Pins, RAM_FILE, STATE_FILE, writeManifest } from '../../src/template/manifest.ts';
import type { TemplateStore } from '../../src/template/store.ts';
import { manifest, pins } from './manifest.ts';

/** Publishes a whole template; gives its folder. */
export async function publish(store: TemplateStore, id: string, more: Partial<Pins> = {}): Promise<string> {
  await using staging = await store.stage();
  const folder = join(staging.path, 'template');
  await mkdir(folder);
  await writeFile(join(folder, RAM_FILE), `${id}'s RAM`);
  await writeFile(join(folder, STATE_FILE), `${id}'s state`);
  const record = (content: string) => ({ bytes: content.length, sha256: sha256(content) });
  const files = { ram: record(`${id}'s RAM`), state: record(`${id}'s state`) };
  await writeManifest(folder, manifest({ id, files, pins: pins(more) }));
  return await store.publish(folder, id);
}

/** Publishes and promotes one after the other: the last is in use, the one before it previous. */
export async function promoteAll(store: TemplateStore, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await publish(store, id);
    await store.promote(id);
  }
}
