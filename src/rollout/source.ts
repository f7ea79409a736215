/** One opened template as guests are restored from it, until nobody needs it any more. */
import { DeadlineError } from '../lib/deadline.ts';
import type { ReadyGuest } from '../runner/ready-guest.ts';
import type { Template } from '../template/template.ts';
import { Tally } from './figures.ts';
import type { GuestMaker } from './maker.ts';

export type SourceTemplate = Pick<Template, 'manifest' | 'restorePoint' | typeof Symbol.asyncDispose>;

/** How ready guests are made from a template. */
export type MakerOf<T extends SourceTemplate> = (template: T) => GuestMaker;

const LATE = new DeadlineError('the template gave no guest in time');

export class Source<T extends SourceTemplate> implements AsyncDisposable {
  tally = new Tally();
  /** Told of each figure that has changed. */
  onChange: () => void = () => {};
  readonly template: T;
  readonly #maker: GuestMaker;
  #restoring = 0;
  #isUnwanted = false;

  constructor(template: T, maker: GuestMaker) {
    this.template = template;
    this.#maker = maker;
  }

  get id(): string {
    return this.template.manifest.id;
  }

  /** Whether guests that are made of it later will be warmer. */
  get isWarming(): boolean {
    return this.#maker.isWarming;
  }

  /** Restores under way. */
  get restoring(): number {
    return this.#restoring;
  }

  /**
   * @param longestMs How long it may take; without, as long as a restore takes.
   * @throws What the restore fails with, which is counted, or the signal's reason, which is not.
   */
  async restore(name: string, signal: AbortSignal, longestMs?: number): Promise<ReadyGuest> {
    this.#restoring += 1;
    const late = new AbortController();
    const timer = longestMs === undefined ? undefined : setTimeout(() => late.abort(LATE), longestMs);
    try {
      const guest = await this.#maker.make(name, AbortSignal.any([signal, late.signal]));
      this.#count(false);
      return guest;
    } catch (error) {
      signal.throwIfAborted();
      this.#count(true);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#restoring -= 1;
      await this.#closeUnused();
    }
  }

  ran(isFailed: boolean): void {
    this.tally.ran(isFailed);
    this.onChange();
  }

  lost(): void {
    this.tally.lost();
    this.onChange();
  }

  /** Begins no restore any more: it is closed after those under way. A QEMU that runs has descriptors of its own. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isUnwanted = true;
    await this.#closeUnused();
  }

  #count(isFailed: boolean): void {
    this.tally.restored(isFailed);
    this.onChange();
  }

  async #closeUnused(): Promise<void> {
    if (!this.#isUnwanted || this.#restoring > 0) return;
    await this.#maker[Symbol.asyncDispose]();
    await this.template[Symbol.asyncDispose]();
  }
}
