/** `build`, `bake`, `verify`: what becomes a template, and whether it is good. */
import { basename } from 'node:path';
import { buildImage } from '../../image/build.ts';
import { type Image, loadCurrentImage, verifyImage } from '../../image/manifest.ts';
import { inspectPresent } from '../../installed.ts';
import { bakeTemplate } from '../../template/bake.ts';
import { LEAST, type Thoroughness, VerificationError, verifyTemplate } from '../../template/verify.ts';
import { loadWarmUps } from '../../template/warm-ups.ts';
import { Workshop } from '../../template/workshop.ts';
import { type Context, GateError, openOne, type Report } from './context.ts';

export async function build(context: Context, isFrozen: boolean): Promise<Report> {
  await using _ = await Workshop.open(context.config.home);
  const image = await buildStep(context, isFrozen);
  return { json: { image: jsonOfImage(image) }, text: `image ${image.manifest.id} is what is baked next` };
}

export async function bake(context: Context): Promise<Report> {
  await using workshop = await Workshop.open(context.config.home);
  const { directory } = await loadCurrentImage(context.config.home);
  const image = await context.step('image', () => verifyImage(directory, context.signal));
  const id = await bakeStep(context, { workshop, image, verification: LEAST });
  const text = `template ${id} is baked; "scripts/image promote ${id}" puts it to use`;
  return { json: { template: id, image: image.manifest.id }, text };
}

/** @throws {GateError} When the template is not good. */
export async function verify(context: Context, given: string | undefined, restores: number): Promise<Report> {
  await using workshop = await Workshop.open(context.config.home);
  const id = given ?? basename(await context.store.current());
  await context.step(`verifying template ${id}`, async (note) => {
    note('checking its files');
    await using opened = await openOne(context, id);
    const { signal } = context;
    await passing(
      verifyTemplate(opened.template, { workshop, restores, isFull: true, onProgress: note, signal }),
    );
  });
  return {
    json: { template: id, restores },
    text: `template ${id} is good: ${restores} restores, every language`,
  };
}

/** The image of this version's `vm-images/`. */
export const buildStep = ({ config: { home }, step, signal }: Context, frozen: boolean): Promise<Image> =>
  step('image', (note) => buildImage({ home, frozen, onProgress: note, signal }));

/**
 * A new template.
 * @returns Its id.
 * @throws {GateError} When it fails its verification: it is not kept then.
 */
export async function bakeStep(
  { config, store, step, signal }: Context,
  { workshop, image, verification }: { workshop: Workshop; image: Image; verification: Thoroughness },
): Promise<string> {
  const { pins } = await step('accelerator', async (note) => {
    const { accelerator, pins } = await inspectPresent(config, image);
    note(`${accelerator.name}: ${accelerator.reason}`);
    return { pins };
  });
  const warmUps = await loadWarmUps();
  return step('template', (onProgress) =>
    passing(
      bakeTemplate({ store, image, present: pins, warmUps, workshop, verification, onProgress, signal }),
    ),
  );
}

/** @throws {GateError} For a template that fails its verification. */
async function passing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof VerificationError) throw new GateError(error.message, { cause: error });
    throw error;
  }
}

export const jsonOfImage = ({ manifest: { id, created, kernelVersion, packages, drift } }: Image) => ({
  id,
  created,
  kernelVersion,
  packages: packages.length,
  drift,
});
