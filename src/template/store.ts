/** The templates in the data folder: `templates/<id>/`, and `templates/current`, a link to the one in use. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listFolder, readLink, switchLink, syncFolder } from '../lib/files.ts';
import { publishDirectory, removeDeadStaging, Staging } from '../lib/staging.ts';
import { TemplateError } from './manifest.ts';

const CURRENT = 'current';

export class TemplateStore {
  readonly #root: string;

  /** @param home The data folder. */
  constructor(home: string) {
    this.#root = join(home, 'templates');
  }

  /** Folder of the template in use. @throws {TemplateError} When none was published. */
  async current(): Promise<string> {
    const target = await readLink(join(this.#root, CURRENT));
    if (!target) throw new TemplateError('no template was baked yet');
    return join(this.#root, basename(target));
  }

  /** A place for a new template that nobody sees until {@link publish}; what dead bakes left is removed. */
  async stage(): Promise<Staging> {
    await removeDeadStaging(this.#root);
    return Staging.create(this.#root);
  }

  /** Makes the template in `folder` the current one, in one step, and keeps the one before. */
  async publish(folder: string, id: string, staging: Staging): Promise<string> {
    const before = await readLink(join(this.#root, CURRENT));
    const published = join(this.#root, id);
    await publishDirectory(folder, published, staging);
    await syncFolder(this.#root);
    await switchLink(join(this.#root, CURRENT), id);
    await this.#prune([id, before, basename(staging.path)]);
    return published;
  }

  async #prune(keep: readonly (string | undefined)[]): Promise<void> {
    const entries = await listFolder(this.#root);
    const old = entries.filter((entry) => entry !== CURRENT && !keep.includes(entry));
    await Promise.all(old.map((entry) => rm(join(this.#root, entry), { recursive: true, force: true })));
  }
}
