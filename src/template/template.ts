/**
 * A baked template, opened: checked against its manifest and this host, its RAM and device state sealed in memory, its
 * root image held open. What becomes of its files from then on changes nothing for those who restore from it.
 */
import { close, open } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ReadinessTerms, SeenDraws, type WarmUp } from '../guest/ready.ts';
import type { RestorePoint } from '../guest/restore.ts';
import type { Image } from '../image/manifest.ts';
import {
  differences,
  type FileRecord,
  type Manifest,
  type Pins,
  RAM_FILE,
  readManifest,
  STATE_FILE,
  type TemplateError,
  TemplateMisfitError,
} from './manifest.ts';
import { MemoryImage } from './memory-image.ts';
import { machineOf } from './pins.ts';

const openFile = promisify(open);
const closeFile = promisify(close);

export class Template implements AsyncDisposable {
  readonly manifest: Manifest;
  readonly readinessTerms: ReadinessTerms;
  readonly #point: RestorePoint;
  readonly #files: AsyncDisposableStack;
  #distrusted: TemplateError | undefined;

  private constructor(
    manifest: Manifest,
    point: RestorePoint,
    terms: ReadinessTerms,
    files: AsyncDisposableStack,
  ) {
    this.manifest = manifest;
    this.readinessTerms = terms;
    this.#point = point;
    this.#files = files;
  }

  /**
   * Opens the template in `folder`.
   * @param present The facts of this host; the template must have been baked for the same.
   * @throws {TemplateMisfitError} When it was baked for something else; the message names each difference.
   * @throws {TemplateError} When it is damaged or incomplete.
   */
  static async open(
    folder: string,
    { present, image, warmUps }: { present: Pins; image: Image; warmUps: readonly WarmUp[] },
  ): Promise<Template> {
    const manifest = await readManifest(folder);
    const differing = differences(manifest.pins, present);
    if (differing.length > 0) {
      throw new TemplateMisfitError(
        `template ${manifest.id} does not fit this host: ${differing.join('; ')}`,
      );
    }
    await using files = new AsyncDisposableStack();
    const load = async (file: string, name: string, record: FileRecord) =>
      files.use(await MemoryImage.load(join(folder, file), record, name)).fd;
    const stateFd = await load(STATE_FILE, 'codeland-state', manifest.files.state);
    const memoryFd = await load(RAM_FILE, 'codeland-template', manifest.files.ram);
    const rootFd = files.adopt(await openFile(image.root, 'r'), (fd) => closeFile(fd));
    const point = {
      machine: machineOf(manifest.pins),
      qemuProgram: manifest.pins.qemuProgram,
      rootImage: image.root,
      rootFd,
      stateFd,
      memoryFd,
    };
    const terms = { agent: manifest.agentVersion, warmUps, seenDraws: new SeenDraws() };
    return new Template(manifest, point, terms, files.move());
  }

  /** @throws {TemplateError} When it is {@link distrust}ed. */
  get restorePoint(): RestorePoint {
    this.checkTrust();
    return this.#point;
  }

  /**
   * For who makes guests of it without restoring them.
   * @throws {TemplateError} When it is {@link distrust}ed.
   */
  checkTrust(): void {
    if (this.#distrusted) throw this.#distrusted;
  }

  /** Has nothing restored from it any more: what guests read of it has turned out to be damaged. */
  distrust(why: TemplateError): void {
    this.#distrusted ??= why;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#files.disposeAsync();
  }
}
