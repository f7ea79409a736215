/**
 * Checks, while the server runs, the files that the next start needs. What runs is in memory or held open, so damage to
 * it changes nothing at once, but for the root image, which guests read from the disk.
 */
import { basename } from 'node:path';
import { ImageCorruptError } from '../image/errors.ts';
import { slowDigest } from '../lib/slow-digest.ts';
import { TemplateError } from '../template/manifest.ts';
import type { TemplateStore } from '../template/store.ts';
import type { Template } from '../template/template.ts';
import { findDamage } from './check.ts';
import { type Damage, damagedFile, quarantine } from './damage.ts';

export type MonitorOptions = {
  readonly home: string;
  readonly store: TemplateStore;
  /** How often files are checked, hours; 0: on demand only. */
  readonly checkHours: number;
  /** What guests are restored from. */
  readonly inUse: () => Pick<Template, 'manifest' | 'distrust'>;
  /** Takes what is current now into use. Rejects when it cannot be restored from. */
  readonly reload: () => Promise<unknown>;
  /** Bakes and promotes a new template; undefined where that is not to happen by itself. */
  readonly renew: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** What else is looked at, once a minute. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  readonly onDamage: (damage: Damage, file: string) => void;
  readonly onChecked: () => void;
  readonly onTrouble: (error: unknown) => void;
};

/** Little beside what a disk gives, and enough for the usual half a gigabyte in half a minute. */
const BYTES_PER_SECOND = 16 * 2 ** 20;
const LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;

export class IntegrityMonitor implements AsyncDisposable {
  readonly #options: MonitorOptions;
  readonly #closing = new AbortController();
  #checking: Promise<readonly Damage[]> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #replacing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Begins to look, and counts the time to the first check: the start itself has checked everything. */
  start(): void {
    let checkedAt = performance.now();
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() =>
        this.#reported(() => this.#options.look(this.#closing.signal)),
      );
      const { checkHours } = this.#options;
      if (checkHours === 0 || performance.now() - checkedAt < checkHours * HOUR_MS) return;
      checkedAt = performance.now();
      void this.#reported(() => this.checkNow());
    }, LOOK_MS);
    this.#timer.unref();
  }

  /**
   * Checks all files, or joins the check that is under way.
   * @returns The damage that was found, and dealt with.
   * @throws When the check cannot be made.
   */
  checkNow(): Promise<readonly Damage[]> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** Ends the check that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort(new Error('the server is ending'));
    await Promise.allSettled([this.#checking, this.#looking, this.#replacing]);
  }

  async #check(): Promise<readonly Damage[]> {
    const { home, store, onDamage, onChecked } = this.#options;
    const folders = Object.values(await this.#folders()).filter((folder) => folder !== undefined);
    const found = await findDamage(home, folders, slowDigest(BYTES_PER_SECOND, this.#closing.signal));
    // What was pruned meanwhile is not missed.
    const { previous, current } = await this.#folders();
    const dealtWith: Damage[] = [];
    // The last good one first: the current one's place is not to be taken by a damaged one.
    for (const folder of [previous, current]) {
      const damage = folder === undefined ? undefined : found.get(folder);
      if (folder === undefined || damage === undefined) continue;
      dealtWith.push(damage);
      onDamage(damage, damagedFile(damage));
      this.#distrust(folder, damage);
      await quarantine({ home, store }, folder, damage);
    }
    onChecked();
    if (current !== undefined && found.has(current)) this.#replacing = this.#reported(() => this.#replace());
    return dealtWith;
  }

  async #folders(): Promise<{ previous: string | undefined; current: string | undefined }> {
    const { store } = this.#options;
    const current = await store.current().catch((error: unknown) => {
      if (error instanceof TemplateError) return undefined;
      throw error;
    });
    return { previous: await store.previous(), current };
  }

  /** Its RAM and state are in memory; its root image is not. */
  #distrust(folder: string, damage: Damage): void {
    const template = this.#options.inUse();
    if (!(damage instanceof ImageCorruptError) || damagedFile(damage) !== 'root.erofs') return;
    if (template.manifest.id !== basename(folder)) return;
    template.distrust(new TemplateError('guests read from a damaged root image', { cause: damage }));
  }

  async #replace(): Promise<void> {
    const { renew, reload } = this.#options;
    try {
      await reload();
    } catch (error) {
      if (!renew) throw error;
      await renew(this.#closing.signal);
      await reload();
    }
  }

  async #reported(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.onTrouble(error);
    }
  }
}
