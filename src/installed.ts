/** What guests are restored from: the image and the template in the data folder, checked against this host. */
import type { Config } from './config.ts';
import { type Accelerator, chooseAccelerator } from './guest/accelerator.ts';
import { inspectQemu } from './guest/qemu.ts';
import { type Image, loadCurrentImage, verifyImage } from './image/manifest.ts';
import { imageDirectory } from './image/paths.ts';
import { type Pins, readManifest } from './template/manifest.ts';
import { presentPins } from './template/pins.ts';
import { TemplateStore } from './template/store.ts';
import { Template } from './template/template.ts';
import { loadWarmUps } from './template/warm-ups.ts';

/** What a template must fit: this host, with this image. */
export type Present = { readonly image: Image; readonly accelerator: Accelerator; readonly pins: Pins };

/** Opened, and held until it is disposed of. */
export type Installed = AsyncDisposable & {
  readonly present: Present;
  readonly template: Template;
  /** Names of the files that were found damaged on the way to it. */
  readonly damaged: readonly string[];
};

/**
 * Opens what `scripts/up` has built and baked.
 * @throws {TemplateError | ImageError | QemuMissingError} When guests cannot be restored from what is here.
 */
export async function openInstalled(config: Config): Promise<Installed> {
  const present = await inspectPresent(config, await checkedImage(config.home));
  return installed(present, await openTemplate(config.home, present));
}

export const installed = (present: Present, template: Template): Installed => ({
  present,
  template,
  damaged: [],
  [Symbol.asyncDispose]: () => template[Symbol.asyncDispose](),
});

/**
 * The image that the template in use was baked from, the whole of it read and checked; without a template, the one to
 * bake from. A newer image that nothing was baked from yet changes nothing for those who restore.
 * @throws {ImageError | ImageCorruptError | TemplateError}
 */
export async function checkedImage(home: string): Promise<Image> {
  const template = await new TemplateStore(home).current().catch(() => undefined);
  if (template === undefined) return verifyImage((await loadCurrentImage(home)).directory);
  return imageOf(home, template);
}

/** The image that the template in this folder was baked from, the whole of it read and checked. */
async function imageOf(home: string, template: string): Promise<Image> {
  const { pins } = await readManifest(template);
  return verifyImage(imageDirectory(home, pins.imageId));
}

/**
 * Opens the template in a folder, whichever is in use.
 * @throws {TemplateMisfitError} When it was baked for something else.
 * @throws {TemplateDamagedError | ImageCorruptError} When it, or the image that it was baked from, is not whole.
 * @throws {QemuMissingError} When there is no QEMU.
 */
export async function openFolder(config: Config, folder: string): Promise<Installed> {
  const present = await inspectPresent(config, await imageOf(config.home, folder));
  return openFitting(folder, present);
}

/**
 * Looks at what guests would run on.
 * @throws {QemuMissingError} When there is no QEMU.
 */
export async function inspectPresent({ home, accelerator: wanted }: Config, image: Image): Promise<Present> {
  const qemu = await inspectQemu();
  const accelerator = await chooseAccelerator({
    home,
    wanted,
    qemuVersion: qemu.version,
    machineType: qemu.machineType,
    kernel: image.kernel,
    initramfs: image.initramfs,
    imageId: image.manifest.id,
  });
  return { image, accelerator, pins: await presentPins(qemu, accelerator, image) };
}

/** As {@link openFolder}, for an image that is known to be whole. @throws {TemplateMisfitError | TemplateDamagedError} */
export const openFitting = async (folder: string, present: Present): Promise<Installed> =>
  installed(present, await openIn(folder, present));

/** Opens the published template. @throws {TemplateError} When it is missing, damaged, or does not fit. */
export async function openTemplate(home: string, present: Present): Promise<Template> {
  return openIn(await new TemplateStore(home).current(), present);
}

const openIn = async (folder: string, { image, pins }: Present): Promise<Template> =>
  Template.open(folder, { present: pins, image, warmUps: await loadWarmUps() });
