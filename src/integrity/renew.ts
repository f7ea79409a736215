/** A new template for this host: built, baked, verified, and in use from then on. */
import type { Config } from '../config.ts';
import { readDependants } from '../dependants.ts';
import { buildImage } from '../image/build.ts';
import type { Image } from '../image/manifest.ts';
import { inspectPresent, type Present } from '../installed.ts';
import { bakeTemplate } from '../template/bake.ts';
import { TemplateStore } from '../template/store.ts';
import { loadWarmUps } from '../template/warm-ups.ts';
import { Workshop } from '../template/workshop.ts';

export type RenewalOptions = {
  readonly onProgress: (what: string) => void;
  /** Ends it; nothing half-made stays. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Builds the image of this version, unless it is there, and bakes and promotes a template of it. The template that was
 * in use stays as the last good one.
 * @throws {WorkshopBusyError} When another process is at work on one.
 * @throws {ImageError | TemplateError | VerificationError | QemuMissingError} When it cannot be made.
 */
export async function renew(config: Config, options: RenewalOptions): Promise<void> {
  const image = await buildImage({ home: config.home, ...options });
  await bakeAndPromote(config.home, { image, present: await inspectPresent(config, image) }, options);
}

/** Of an image that is built. @throws As {@link renew}. */
export async function bakeAndPromote(
  home: string,
  { image, present }: { image: Image; present: Present },
  { onProgress, signal }: RenewalOptions,
): Promise<void> {
  await using workshop = await Workshop.open(home);
  const store = new TemplateStore(home);
  const id = await bakeTemplate({
    store,
    image,
    present: present.pins,
    warmUps: await loadWarmUps(),
    workshop,
    onProgress,
    ...(signal ? { signal } : {}),
  });
  await store.promote(id);
  await store.prune({ keep: 0, dependants: await readDependants(home) });
}
