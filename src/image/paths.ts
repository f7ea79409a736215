/** Where images live in the data folder. */
import { join } from 'node:path';

/** Files of an image, in the order the manifest lists them. */
export const IMAGE_FILES = ['root.erofs', 'vmlinuz', 'initramfs'] as const;

export const MANIFEST_FILE = 'manifest.json';

/** Characters of the inputs' digest that name an image's folder. */
const ID_LENGTH = 32;
export const imageId = (inputsDigest: string): string => inputsDigest.slice(0, ID_LENGTH);

export const imagesDirectory = (home: string): string => join(home, 'images');
export const cacheDirectory = (home: string): string => join(home, 'cache');
export const imageDirectory = (home: string, id: string): string => join(imagesDirectory(home), id);

/** A symbolic link to the image that new templates are baked from. */
export const currentImage = (home: string): string => join(imagesDirectory(home), 'current');

/** The repository's `vm-images` folder. */
export const VM_IMAGES = join(import.meta.dirname, '../../vm-images');
