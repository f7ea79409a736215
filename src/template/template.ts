/** A baked template, opened: checked against its manifest and this host, its RAM sealed in memory. */
import { join } from 'node:path';
import { type ReadinessTerms, SeenDraws, type WarmUp } from '../guest/ready.ts';
import type { RestorePoint } from '../guest/restore.ts';
import type { Image } from '../image/manifest.ts';
import { checkFile } from './check.ts';
import {
  differences,
  type Manifest,
  type Pins,
  RAM_FILE,
  readManifest,
  STATE_FILE,
  TemplateError,
} from './manifest.ts';
import { MemoryImage } from './memory-image.ts';
import { machineOf } from './pins.ts';

export class Template implements AsyncDisposable {
  readonly manifest: Manifest;
  readonly restorePoint: RestorePoint;
  readonly readinessTerms: ReadinessTerms;
  readonly #memory: MemoryImage;

  private constructor(manifest: Manifest, point: RestorePoint, terms: ReadinessTerms, memory: MemoryImage) {
    this.manifest = manifest;
    this.restorePoint = point;
    this.readinessTerms = terms;
    this.#memory = memory;
  }

  /**
   * Opens the template in `folder`.
   * @param present The facts of this host; the template must have been baked for the same.
   * @throws {TemplateError} When it is damaged or incomplete, or was baked for something else; the message names
   *   each difference.
   */
  static async open(
    folder: string,
    { present, image, warmUps }: { present: Pins; image: Image; warmUps: readonly WarmUp[] },
  ): Promise<Template> {
    const manifest = await readManifest(folder);
    const differing = differences(manifest.pins, present);
    if (differing.length > 0) {
      throw new TemplateError(`template ${manifest.id} does not fit this host: ${differing.join('; ')}`);
    }
    const deviceState = join(folder, STATE_FILE);
    await checkFile(deviceState, manifest.files.state);
    const memory = await MemoryImage.load(join(folder, RAM_FILE), manifest.files.ram);
    const point = {
      machine: machineOf(manifest.pins),
      rootImage: image.root,
      deviceState,
      memoryFd: memory.fd,
    };
    const terms = { agent: manifest.agentVersion, warmUps, seenDraws: new SeenDraws() };
    return new Template(manifest, point, terms, memory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#memory[Symbol.asyncDispose]();
  }
}
