/** Builds every object of the service once; the only module that knows them all. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { type Accelerator, chooseAccelerator } from './guest/accelerator.ts';
import { reapLeftovers } from './guest/leftovers.ts';
import { inspectQemu } from './guest/qemu.ts';
import { makeReady } from './guest/ready.ts';
import { restoreGuest } from './guest/restore.ts';
import { readHostMemory } from './host/memory.ts';
import { readCpuMs } from './host/process.ts';
import { type Image, loadCurrentImage, verifyImage } from './image/manifest.ts';
import { RunnerPool } from './runner/pool.ts';
import type { ReadyGuest } from './runner/ready-guest.ts';
import type { Pins } from './template/manifest.ts';
import { presentPins } from './template/pins.ts';
import { TemplateStore } from './template/store.ts';
import { Template } from './template/template.ts';
import { loadWarmUps } from './template/warm-ups.ts';

/** What a template must fit: this host, with this image. */
export type Present = { readonly image: Image; readonly accelerator: Accelerator; readonly pins: Pins };

/** The home's current image, the whole of it read and checked. @throws {ImageError | ImageCorruptError} */
export const checkedImage = (home: string): Promise<Image> =>
  loadCurrentImage(home).then(({ directory }) => verifyImage(directory));

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

/** Folder of the guests' own folders. */
export const guestsFolder = (home: string) => join(home, 'guests');

/** Opens the published template. @throws {TemplateError} When it is missing, damaged, or does not fit. */
export async function openTemplate(home: string, { image, pins }: Present): Promise<Template> {
  const folder = await new TemplateStore(home).current();
  return Template.open(folder, { present: pins, image, warmUps: await loadWarmUps() });
}

/** What guests are restored from: checked, opened, and held until it is disposed of. */
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

export type Service = AsyncDisposable & {
  readonly app: App;
  readonly pool: RunnerPool;
  readonly template: Template;
  readonly present: Present;
};

/**
 * Begins to fill the pool. Only one service may use a data folder at a time.
 * @param from Must stay open as long as the service.
 * @param onFault Told of each error that no request can be answered with.
 */
export async function compose(
  config: Config,
  from: Installed,
  { key, onFault }: { key: string; onFault: (error: unknown) => void },
): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const { present, template } = from;
  const guests = guestsFolder(config.home);
  await mkdir(guests, { recursive: true, mode: 0o700 });
  await reapLeftovers(guests);
  const restore = async (name: string, signal: AbortSignal): Promise<ReadyGuest> => {
    const folder = join(guests, name);
    const guest = await restoreGuest(template.restorePoint, { name, folder, signal });
    // Its end settles every wait on it.
    const abort = () => void guest[Symbol.asyncDispose]();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return { guest, ...(await makeReady(guest, template.readinessTerms)) };
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
  const availableMemory = () => readHostMemory().availableBytes;
  const pool = stack.use(
    new RunnerPool({ ...config.pool, restore, availableMemory, cpuMs: readCpuMs, onFailure: onFault }),
  );
  const app = createApp({ pool, limits: config.limits, key, onFault });
  pool.start();
  const owned = stack.move();
  return { app, pool, template, present, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
