/** Image and template: builds or bakes whichever is missing, out of date or damaged. */
import type { Config } from '../config.ts';
import { buildImage } from '../image/build.ts';
import { type Installed, inspectPresent, installed, openTemplate, type Present } from '../installed.ts';
import { makeUnsharedFolder } from '../lib/files.ts';
import { shutOthersOut } from '../lib/posix.ts';
import { bakeTemplate } from '../template/bake.ts';
import { TemplateError } from '../template/manifest.ts';
import { TemplateStore } from '../template/store.ts';
import type { Template } from '../template/template.ts';
import { loadWarmUps } from '../template/warm-ups.ts';
import { Workshop } from '../template/workshop.ts';
import { step } from './progress.ts';

/**
 * Only while no server uses the data folder.
 * @param signal Ends it; nothing half-made stays.
 * @throws {WorkshopBusyError} When a template is needed, and another process is at work on one.
 * @throws {SharedFolderError} When others may write to the data folder.
 * @returns What guests are restored from, for the caller to dispose of.
 */
export async function setUp(config: Config, signal?: AbortSignal): Promise<Installed> {
  const { home } = config;
  shutOthersOut();
  makeUnsharedFolder(home);
  const image = await step('image', (note) => buildImage({ home, onProgress: note, signal }));
  const present = await step('accelerator', async (note) => {
    const found = await inspectPresent(config, image);
    note(`${found.accelerator.name}: ${found.accelerator.reason}`);
    return found;
  });
  const fitting = await openFitting(home, present);
  if (fitting) return installed(present, fitting);
  await step('template', async (note) => {
    await using workshop = await Workshop.open(home);
    const store = new TemplateStore(home);
    const id = await bakeTemplate({
      store,
      image,
      present: present.pins,
      warmUps: await loadWarmUps(),
      workshop,
      onProgress: note,
      ...(signal ? { signal } : {}),
    });
    await store.promote(id);
    await store.prune({ keep: 0, dependants: new Map() });
  });
  return installed(present, await openTemplate(home, present));
}

/** The published template, if it can be used; says why not. */
async function openFitting(home: string, present: Present): Promise<Template | undefined> {
  try {
    return await openTemplate(home, present);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    console.log(error.message);
    return undefined;
  }
}
