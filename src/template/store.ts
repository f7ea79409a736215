/**
 * The templates in the data folder: `templates/<id>/`; the links `current`, to the one in use, and `previous`, to the
 * last good one before it; `quarantine/<id>/`, what must not be used again. Each change is one rename, or several of
 * which any may be the last: there is a whole template in use after each.
 */
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileLock } from '../lib/file-lock.ts';
import {
  isErrno,
  listFolder,
  makePrivateFolder,
  readLink,
  switchLink,
  syncFolder,
  writeFileAtomic,
} from '../lib/files.ts';
import { removeDeadStaging, Staging } from '../lib/staging.ts';
import { checkTemplate } from './check.ts';
import { type Dependants, QUARANTINE_FILE, type Quarantine, readEntry, type TemplateEntry } from './entry.ts';
import { TemplateError } from './manifest.ts';

const CURRENT = 'current';
const PREVIOUS = 'previous';
const QUARANTINE = 'quarantine';
const LOCK = '.lock';
/** Names in the folder that are no template's. */
const RESERVED = new Set([CURRENT, PREVIOUS, QUARANTINE]);
const ID = /^[0-9a-z-]{1,64}$/;

/** How long a change waits for another process's, ms: a check of a template's files may be part of it. */
const PATIENCE_MS = 60_000;
/** Quarantined templates that a prune leaves, for somebody to look at. */
const QUARANTINED_KEPT = 1;

/** A template that somebody needs: it is not removed. */
export class TemplateInUseError extends Error {
  override readonly name = 'TemplateInUseError';
  readonly dependants: readonly string[];

  constructor(id: string, dependants: readonly string[]) {
    super(`template ${id} is in use: ${dependants.join(', ')}`);
    this.dependants = dependants;
  }
}

/** There is no last good template. */
export class NoPreviousTemplateError extends Error {
  override readonly name = 'NoPreviousTemplateError';
}

export type Pruned = {
  readonly removed: readonly TemplateEntry[];
  /** What was left although it is neither current nor previous, for its dependants. */
  readonly inUse: readonly TemplateEntry[];
};

export class TemplateStore {
  readonly #root: string;

  /** @param home The data folder. */
  constructor(home: string) {
    this.#root = join(home, 'templates');
  }

  /** Folder of the template in use. @throws {TemplateError} When none was promoted. */
  async current(): Promise<string> {
    const id = await this.#linked(CURRENT);
    if (id === undefined)
      throw new TemplateError('no template is in use: none was baked yet, or none is left');
    return this.folder(id);
  }

  /** Folder of the last good template before the current one, if there is one. */
  async previous(): Promise<string | undefined> {
    const id = await this.#previousId();
    return id === undefined ? undefined : this.folder(id);
  }

  /** Where a template of this id is, or would be. */
  folder(id: string): string {
    return join(this.#root, id);
  }

  /** All templates, those that were quarantined last; by id, which is by age. */
  async list(dependants: Dependants = new Map()): Promise<readonly TemplateEntry[]> {
    const [current, previous] = [await this.#linked(CURRENT), await this.#previousId()];
    const look = async (id: string, folder: string, isQuarantined: boolean): Promise<TemplateEntry> => {
      const found = await readEntry(folder);
      const state = found.pins ? 'baked' : 'unreadable';
      return {
        id,
        state: isQuarantined ? 'quarantined' : state,
        ...found,
        isCurrent: id === current && !isQuarantined,
        isPrevious: id === previous && !isQuarantined,
        dependants: dependants.get(id) ?? [],
      };
    };
    const ids = async (folder: string) =>
      (await listFolder(folder)).filter((name) => ID.test(name) && !RESERVED.has(name));
    const quarantine = this.folder(QUARANTINE);
    return Promise.all([
      ...(await ids(this.#root)).map((id) => look(id, this.folder(id), false)),
      ...(await ids(quarantine)).map((id) => look(id, join(quarantine, id), true)),
    ]);
  }

  /** A place for a new template that nobody sees until {@link publish}; what dead bakes left is removed. */
  async stage(): Promise<Staging> {
    await removeDeadStaging(this.#root);
    return Staging.create(this.#root);
  }

  /**
   * Makes the template in `folder` one of the store's, in one step; it is not used yet.
   * @returns Its new folder.
   * @throws {TemplateError} When there is one of this id already.
   */
  async publish(folder: string, id: string): Promise<string> {
    const published = this.folder(id);
    try {
      await rename(folder, published);
    } catch (cause) {
      if (!isErrno(cause, 'ENOTEMPTY') && !isErrno(cause, 'EEXIST')) throw cause;
      throw new TemplateError(`there is a template ${id} already`, { cause });
    }
    await syncFolder(this.#root);
    return published;
  }

  /**
   * Makes a template the one in use, for every start from now on; the one before is `previous`.
   * @throws {TemplateError} When there is no such template, or it is damaged.
   */
  async promote(id: string): Promise<void> {
    if (!ID.test(id) || RESERVED.has(id)) throw new TemplateError(`"${id}" is no template's id`);
    await this.#locked(async () => {
      await checkTemplate(this.folder(id));
      const before = await this.#linked(CURRENT);
      if (before === id) return;
      if (before !== undefined) await switchLink(this.folder(PREVIOUS), before);
      await switchLink(this.folder(CURRENT), id);
    });
  }

  /**
   * Makes the previous template the one in use again; that one is `previous` then, so that a second time undoes it.
   * @returns The folder of the one that is in use now.
   * @throws {NoPreviousTemplateError} When there is none.
   * @throws {TemplateError} When it is damaged.
   */
  async rollback(): Promise<string> {
    return this.#locked(async () => {
      const [before, id] = [await this.#linked(CURRENT), await this.#previousId()];
      if (id === undefined) throw new NoPreviousTemplateError('there is no earlier template to roll back to');
      await checkTemplate(this.folder(id));
      await switchLink(this.folder(CURRENT), id);
      if (before !== undefined) await switchLink(this.folder(PREVIOUS), before);
      return this.folder(id);
    });
  }

  /**
   * Takes a template out of use for good, and keeps it for somebody to look at. When it was current, previous takes
   * its place if it is whole; else there is none in use. What is not there any more is only taken out of use.
   * @param reason A sentence.
   */
  async quarantine(id: string, reason: string): Promise<void> {
    await this.#locked(async () => {
      const previous = await this.#previousId();
      if (previous === id) await rm(this.folder(PREVIOUS));
      if ((await this.#linked(CURRENT)) === id) await this.#replaceCurrent(previous);
      const quarantined = join(this.folder(QUARANTINE), id);
      await makePrivateFolder(this.folder(QUARANTINE));
      try {
        await rename(this.folder(id), quarantined);
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return;
        throw error;
      }
      await syncFolder(this.#root);
      const record: Quarantine = { reason, at: new Date().toISOString() };
      await writeFileAtomic(join(quarantined, QUARANTINE_FILE), `${JSON.stringify(record)}\n`);
    });
  }

  /** Puts the previous template, if it is whole, in the current one's place. */
  async #replaceCurrent(previous: string | undefined): Promise<void> {
    const isWhole =
      previous !== undefined &&
      (await checkTemplate(this.folder(previous)).then(
        () => true,
        () => false,
      ));
    if (!isWhole) return rm(this.folder(CURRENT));
    await switchLink(this.folder(CURRENT), previous);
    await rm(this.folder(PREVIOUS));
  }

  /**
   * Removes a template, quarantined or not.
   * @throws {TemplateInUseError} When it is current or previous, or somebody needs it.
   * @throws {TemplateError} When there is no such template.
   */
  async remove(id: string, dependants: Dependants): Promise<TemplateEntry> {
    return this.#locked(async () => {
      const entry = (await this.list(dependants)).find((entry) => entry.id === id);
      if (!entry) throw new TemplateError(`there is no template ${id}`);
      const needed = neededBy(entry);
      if (needed.length > 0) throw new TemplateInUseError(id, needed);
      await this.#erase([entry]);
      return entry;
    });
  }

  /**
   * Removes what is neither current nor previous nor needed by anybody.
   * @param keep How many of these to leave, the newest ones.
   */
  async prune({ keep, dependants }: { keep: number; dependants: Dependants }): Promise<Pruned> {
    return this.#locked(async () => {
      const entries = await this.list(dependants);
      const others = entries.filter(({ isCurrent, isPrevious }) => !isCurrent && !isPrevious);
      const free = others.filter((entry) => neededBy(entry).length === 0);
      const removed = [
        ...free.filter(({ state }) => state !== 'quarantined').slice(0, keep === 0 ? undefined : -keep),
        ...free.filter(({ state }) => state === 'quarantined').slice(0, -QUARANTINED_KEPT),
      ];
      await this.#erase(removed);
      return { removed, inUse: others.filter((entry) => neededBy(entry).length > 0) };
    });
  }

  /** Takes each out of sight in one step before its files go. */
  async #erase(entries: readonly TemplateEntry[]): Promise<void> {
    await using staging = await this.stage();
    for (const { id, state } of entries) {
      const folder = state === 'quarantined' ? join(this.folder(QUARANTINE), id) : this.folder(id);
      await rename(folder, join(staging.path, id));
    }
  }

  async #linked(link: string): Promise<string | undefined> {
    const target = await readLink(this.folder(link));
    return target === undefined ? undefined : basename(target);
  }

  /** The same as current only when a change of both was cut short: then there is none. */
  async #previousId(): Promise<string | undefined> {
    const id = await this.#linked(PREVIOUS);
    return id === (await this.#linked(CURRENT)) ? undefined : id;
  }

  /** One change at a time, whichever process makes it. */
  async #locked<T>(change: () => Promise<T>): Promise<T> {
    await makePrivateFolder(this.#root);
    await using lock = await FileLock.take(this.folder(LOCK), PATIENCE_MS);
    if (!lock) throw new TemplateError('another process has been changing the templates for a minute');
    return await change();
  }
}

function neededBy({ isCurrent, isPrevious, dependants }: TemplateEntry): readonly string[] {
  return [
    ...(isCurrent ? ['the next start (current)'] : []),
    ...(isPrevious ? ['a rollback (previous)'] : []),
    ...dependants,
  ];
}
