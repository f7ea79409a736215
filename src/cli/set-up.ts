/** Image and template: builds or bakes whichever is missing, out of date or damaged. */
import { mkdir } from 'node:fs/promises';
import { guestsFolder, inspectPresent, openTemplate, type Present } from '../compose.ts';
import type { Config } from '../config.ts';
import { reapLeftovers } from '../guest/leftovers.ts';
import { buildImage } from '../image/build.ts';
import { bakeTemplate } from '../template/bake.ts';
import { TemplateError } from '../template/manifest.ts';
import { TemplateStore } from '../template/store.ts';
import { loadWarmUps } from '../template/warm-ups.ts';
import { step } from './progress.ts';

/**
 * Only while no server uses the data folder.
 * @param signal Ends it; nothing half-made stays.
 */
export async function setUp(config: Config, signal?: AbortSignal): Promise<void> {
  const { home } = config;
  await mkdir(home, { recursive: true, mode: 0o700 });
  await step('image', (note) => buildImage({ home, onProgress: note, signal }));
  const present = await step('accelerator', async (note) => {
    const found = await inspectPresent(config);
    note(`${found.accelerator.name}: ${found.accelerator.reason}`);
    return found;
  });
  const unfit = await whyUnfit(home, present);
  if (unfit === undefined) return;
  console.log(unfit);
  await step('template', async (note) => {
    const guests = guestsFolder(home);
    await reapLeftovers(guests);
    const { image, pins } = present;
    await bakeTemplate({
      store: new TemplateStore(home),
      image,
      present: pins,
      warmUps: await loadWarmUps(),
      guests,
      onProgress: note,
      ...(signal ? { signal } : {}),
    });
  });
}

/** Why the published template cannot be used, or undefined when it can. */
async function whyUnfit(home: string, present: Present): Promise<string | undefined> {
  try {
    await using _ = await openTemplate(home, present);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}
