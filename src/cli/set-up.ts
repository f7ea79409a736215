/** Image and template: builds or bakes whichever is missing, out of date or damaged. */
import type { Config } from '../config.ts';
import { buildImage } from '../image/build.ts';
import { type Installed, inspectPresent, openFitting } from '../installed.ts';
import { NoTemplateError, openLastGood } from '../integrity/last-good.ts';
import { bakeAndPromote } from '../integrity/renew.ts';
import { makeUnsharedFolder } from '../lib/files.ts';
import { shutOthersOut } from '../lib/posix.ts';
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
  const open = async () => {
    const { opened, damaged } = await openLastGood(
      home,
      (folder) => openFitting(folder, present),
      ({ message }) => console.log(message),
    );
    return { ...opened, damaged };
  };
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof NoTemplateError)) throw error;
  }
  await step('template', (onProgress) => bakeAndPromote(home, { image, present }, { onProgress, signal }));
  return open();
}
