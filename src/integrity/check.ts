/** Reads what is on the disk for this start and the next: current and last good template, and their images. */
import { verifyImage } from '../image/manifest.ts';
import { imageDirectory } from '../image/paths.ts';
import type { Digest } from '../lib/digest.ts';
import { checkTemplate } from '../template/check.ts';
import { TemplateMisfitError } from '../template/manifest.ts';
import { type Damage, isDamage } from './damage.ts';

/**
 * Finds damage to templates and to the images that they were baked from; each image is read once.
 * @param folders The templates'.
 * @param digest What reads the files.
 * @returns The first damage of each template that is not whole.
 * @throws When something could not be read for another reason.
 */
export async function findDamage(
  home: string,
  folders: readonly string[],
  digest: Digest,
): Promise<Map<string, Damage>> {
  const images = new Map<string, Damage | undefined>();
  const found = new Map<string, Damage>();
  for (const folder of folders) {
    const damage = await damageOf(async () => {
      const { imageId } = (await checkTemplate(folder, digest)).pins;
      if (!images.has(imageId)) {
        const image = imageDirectory(home, imageId);
        images.set(imageId, await damageOf(() => verifyImage(image, undefined, digest)));
      }
      const inImage = images.get(imageId);
      if (inImage) throw inImage;
    });
    if (damage) found.set(folder, damage);
  }
  return found;
}

/** A template that another version baked cannot be checked, and is not this one's business. */
async function damageOf(look: () => Promise<unknown>): Promise<Damage | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (isDamage(error)) return error;
    if (error instanceof TemplateMisfitError) return undefined;
    throw error;
  }
}
