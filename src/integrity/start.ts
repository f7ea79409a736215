/** What a server that starts restores its guests from. */
import type { Config } from '../config.ts';
import { type Installed, openFolder } from '../installed.ts';
import { isDamage } from './damage.ts';
import { NoTemplateError, openLastGood } from './last-good.ts';
import { renew } from './renew.ts';

/** What the log is told. */
export type StartLog = {
  /** A file is damaged. */
  fault(error: unknown): void;
  /** A template does not fit. */
  trouble(error: unknown): void;
  /** A template is baked. @param step Of it, a few words. */
  baking(step: string): void;
};

/**
 * Opens the template in use or the last good one; where neither can be used and the settings say so, bakes one, which
 * takes minutes.
 * @param signal Ends a bake; nothing half-made stays.
 * @throws {NoTemplateError} When there is none, and none is to be baked.
 * @throws {QemuMissingError} When there is no QEMU.
 * @throws As {@link renew}, when a bake fails.
 */
export async function openAtStart(
  config: Config,
  log: StartLog,
  signal: AbortSignal | undefined,
): Promise<Installed> {
  const open = async () => {
    const { opened, damaged } = await openLastGood(
      config.home,
      (folder) => openFolder(config, folder),
      (problem) => (isDamage(problem) ? log.fault(problem) : log.trouble(problem)),
    );
    return { ...opened, damaged };
  };
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof NoTemplateError) || config.rebake !== 'auto') throw error;
  }
  await renew(config, { onProgress: (step) => log.baking(step), signal });
  return open();
}
