/** The templates in the data folder: `templates/<id>/`, and `templates/current`, a link to the one in use. */
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listFolder, readLink, removeStaged, switchLink, syncFolder } from '../lib/files.ts';
import { TemplateError } from './manifest.ts';

const STAGED = '.staged-';
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

  /** A place for a new template that nobody sees until {@link publish}. */
  staged(id: string): string {
    return join(this.#root, `${STAGED}${id}`);
  }

  /** Removes what interrupted bakes left. Only while no other bake runs. */
  async clean(): Promise<void> {
    await removeStaged(this.#root, STAGED);
  }

  /** Makes a staged template the current one, in one step, and keeps the one before. */
  async publish(id: string): Promise<string> {
    const before = await readLink(join(this.#root, CURRENT));
    const folder = join(this.#root, id);
    await rename(this.staged(id), folder);
    await syncFolder(this.#root);
    await switchLink(join(this.#root, CURRENT), id);
    await this.#prune([id, before]);
    return folder;
  }

  async #prune(keep: readonly (string | undefined)[]): Promise<void> {
    const entries = await listFolder(this.#root);
    const old = entries.filter((entry) => entry !== CURRENT && !keep.includes(entry));
    await Promise.all(old.map((entry) => rm(join(this.#root, entry), { recursive: true, force: true })));
  }
}
