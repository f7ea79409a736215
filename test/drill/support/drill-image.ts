/**
 * Image and template of the drill: the product's own, but for an agent that runs programs as root of the guest.
 * They are the tests' alone, so that nothing in the product can turn this on.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../../src/config.ts';
import { buildImage } from '../../../src/image/build.ts';
import { cacheDirectory } from '../../../src/image/paths.ts';
import { inspectPresent, openTemplate, type Present } from '../../../src/installed.ts';
import { bakeTemplate } from '../../../src/template/bake.ts';
import { TemplateError } from '../../../src/template/manifest.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { loadWarmUps } from '../../../src/template/warm-ups.ts';
import { Workshop } from '../../../src/template/workshop.ts';
import { SHARED_HOME } from '../../support/test-home.ts';

const AGENT = join(import.meta.dirname, '../image');

/**
 * Builds and bakes what is missing; the packages are those that the other tests' image is made of.
 * @returns The data folder that has image and template. Kept between test runs.
 */
export async function drillImage(): Promise<string> {
  const home = join(SHARED_HOME, 'drill');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const cache = cacheDirectory(SHARED_HOME);
  const image = await buildImage({ home, cache, agentDirectory: AGENT });
  const present = await inspectPresent(readConfig({ CODELAND_HOME: home }), image);
  if (await isBaked(home, present)) return home;
  await using workshop = await Workshop.open(home);
  const store = new TemplateStore(home);
  const id = await bakeTemplate({
    store,
    image,
    present: present.pins,
    warmUps: await loadWarmUps(),
    workshop,
  });
  await store.promote(id);
  await store.prune({ keep: 0, dependants: new Map() });
  return home;
}

async function isBaked(home: string, present: Present): Promise<boolean> {
  try {
    await using _ = await openTemplate(home, present);
    return true;
  } catch (error) {
    if (error instanceof TemplateError) return false;
    throw error;
  }
}
