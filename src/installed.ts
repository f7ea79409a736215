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
export type Installed = AsyncDisposable & { readonly present: Present; readonly template: Template };

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
  const { pins } = await readManifest(template);
  return verifyImage(imageDirectory(home, pins.imageId));
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

/** Opens the published template. @throws {TemplateError} When it is missing, damaged, or does not fit. */
export async function openTemplate(home: string, { image, pins }: Present): Promise<Template> {
  const folder = await new TemplateStore(home).current();
  return Template.open(folder, { present: pins, image, warmUps: await loadWarmUps() });
}
