/**
 * What the pool restores its guests from: the current template, and for a share of them, while a new one is tried, that
 * one. Whatever a new template does, the pool gets its guests: where it fails to give one, the current one gives it.
 */
import type { ReadyGuest } from '../runner/ready-guest.ts';
import type { Standing } from '../runner/standing.ts';
import { Tally } from './figures.ts';
import { type MakerOf, Source, type SourceTemplate } from './source.ts';

export type SupplyOptions<T extends SourceTemplate> = {
  readonly current: T;
  readonly makerOf: MakerOf<T>;
  /** As {@link makerOf}, for one guest alone. */
  readonly trialMakerOf: MakerOf<T>;
  /** Told of each guest that the new template failed to give. */
  readonly onFailure: (error: Error) => void;
};

/** How long the new template may take to give a guest, ms: within what the pool waits, the current one still can. */
const CANARY_RESTORE_MS = 45_000;

/** What is not given while one is under way is not made up for later, percent of a guest. */
const MOST_DUE = 200;

type Canary<T extends SourceTemplate> = { readonly source: Source<T>; readonly sharePercent: number };

export class TemplateSupply<T extends SourceTemplate> implements AsyncDisposable {
  readonly #options: SupplyOptions<T>;
  #current: Source<T>;
  #canary: Canary<T> | undefined;
  /** Percent of a guest that the new template has to give by now. */
  #due = 0;
  /** Ids of templates that failed: their guests are not handed out. */
  readonly #failed = new Set<string>();
  #probes = 0;

  constructor(options: SupplyOptions<T>) {
    this.#options = options;
    this.#current = this.#source(options.current);
  }

  /** Of the current template. */
  get id(): string {
    return this.#current.id;
  }

  /** Of the one that is tried. */
  get canaryId(): string | undefined {
    return this.canary?.id;
  }

  /** The templates that guests are restored from. */
  get roles(): readonly { readonly template: string; readonly role: 'current' | 'canary' }[] {
    const { id, canaryId } = this;
    return [
      { template: id, role: 'current' },
      ...(canaryId === undefined ? [] : [{ template: canaryId, role: 'canary' } as const]),
    ];
  }

  get current(): Source<T> {
    return this.#current;
  }

  /** Undefined unless one is tried. */
  get canary(): Source<T> | undefined {
    return this.#canary?.source;
  }

  /** Bound, as the pool calls it. @throws As the restore from the current template. */
  readonly restore = async (name: string, signal: AbortSignal): Promise<ReadyGuest> => {
    const canary = this.#takeCanarysTurn();
    const guest = canary && (await this.#fromCanary(canary, name, signal));
    return guest ?? (await this.#current.restore(name, signal));
  };

  /** What is to be done with guests of this template that are ready. */
  readonly standing = (template: string): Standing => {
    if (this.#failed.has(template)) return 'failed';
    return this.#find(template) ? 'wanted' : 'outdated';
  };

  /** Counts a run that nobody ended. */
  readonly ran = (template: string, isFailed: boolean): void => this.#find(template)?.ran(isFailed);

  /** Counts a guest that died without being told to. */
  readonly lost = (template: string): void => this.#find(template)?.lost();

  /**
   * Restores one guest, with its proof, and ends it.
   * @throws What the restore fails with.
   */
  async probe(template: T, signal: AbortSignal): Promise<void> {
    this.#probes += 1;
    await using maker = this.#options.trialMakerOf(template);
    const { guest } = await maker.make(`probe-${this.#probes}`, signal);
    await guest[Symbol.asyncDispose]();
  }

  /**
   * Has a share of the guests come from a new template as well, the next ones first.
   * @param template The supply's own from here on.
   * @param first How many of the next.
   * @returns The new template's figures; those of the current one begin anew.
   */
  beginCanary(template: T, sharePercent: number, first: number): Source<T> {
    this.#failed.delete(template.manifest.id);
    const source = this.#source(template);
    this.#canary = { source, sharePercent };
    this.#current.tally = new Tally();
    this.#due = 100 * first - sharePercent;
    return source;
  }

  /** The new template takes the current one's place. Without one, nothing happens. */
  async promoteCanary(): Promise<void> {
    const canary = this.#takeCanary();
    if (canary) await this.#replace(canary);
  }

  /** Restores no guest from the new template any more. @param isFailed Nor are those that are ready handed out. */
  async endCanary(isFailed: boolean): Promise<void> {
    const canary = this.#takeCanary();
    if (!canary) return;
    if (isFailed) this.#failed.add(canary.id);
    await canary[Symbol.asyncDispose]();
  }

  /** Another template takes the current one's place at once. @param template The supply's own from here on. */
  async replaceCurrent(template: T): Promise<void> {
    this.#failed.delete(template.manifest.id);
    await this.#replace(this.#source(template));
  }

  /** Closes its templates, after the restores under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.endCanary(false);
    await this.#current[Symbol.asyncDispose]();
  }

  #source(template: T): Source<T> {
    return new Source(template, this.#options.makerOf(template));
  }

  #find(template: string): Source<T> | undefined {
    return [this.#current, this.canary].find((source) => source?.id === template);
  }

  #takeCanary(): Source<T> | undefined {
    const canary = this.canary;
    this.#canary = undefined;
    return canary;
  }

  async #replace(next: Source<T>): Promise<void> {
    const before = this.#current;
    this.#current = next;
    await before[Symbol.asyncDispose]();
  }

  /** One at a time: a template that hangs holds up one of the pool's restores, and no more. */
  #takeCanarysTurn(): Source<T> | undefined {
    if (!this.#canary) return undefined;
    const { source, sharePercent } = this.#canary;
    if (this.#due < MOST_DUE) this.#due += sharePercent;
    if (this.#due < 100 || source.restoring > 0) return undefined;
    this.#due -= 100;
    return source;
  }

  async #fromCanary(canary: Source<T>, name: string, signal: AbortSignal): Promise<ReadyGuest | undefined> {
    try {
      return await canary.restore(name, signal, CANARY_RESTORE_MS);
    } catch (cause) {
      signal.throwIfAborted();
      this.#options.onFailure(
        new Error(`template ${canary.id}, which is being tried, gave no guest`, { cause }),
      );
      return undefined;
    }
  }
}
