/** Restores guests while more are wanted: so many at once, with a pause after a failure or a shortage. */
import { History } from './history.ts';
import type { ReadyGuest } from './ready-guest.ts';
import { RefillRate } from './refill-rate.ts';

export type RestoredGuest = ReadyGuest & { readonly history: History };

export type RefillOptions = {
  /** Restores at once. */
  readonly refillWorkers: number;
  /** Host memory that must stay available for a restore to begin, bytes. */
  readonly memoryReserveBytes: number;
  /** A name that no other guest of this data folder has, or had. */
  readonly nextName: () => string;
  /** Makes a ready guest of this name; cleans up after itself when it fails. */
  readonly restore: (name: string, signal: AbortSignal) => Promise<ReadyGuest>;
  /** Waits for a restore as long as it may take. */
  readonly inTime: (name: string, restored: Promise<ReadyGuest>) => Promise<ReadyGuest>;
  /** Host memory that is available, bytes. */
  readonly availableMemory: () => number;
  /** Descriptors that this process may still open. */
  readonly freeDescriptors: () => number;
  /** Whether one more should be begun, besides those that are being restored. */
  readonly isWanted: () => boolean;
  /** Takes a guest that is ready; after the end, only to end it. */
  readonly onRestored: (guest: RestoredGuest, ms: number) => void;
  readonly onRestoreFailed: (error: Error) => void;
  /** Told once of each shortage. */
  readonly onShortage: (error: Error) => void;
};

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
/**
 * Descriptors that must be left for a restore to begin. A restore opens about ten; the others are for the connections that
 * requests come by, without which no guest is of use.
 */
const DESCRIPTOR_RESERVE = 64;
/** How soon to look again when something is short, ms. */
const SHORTAGE_RETRY_MS = 1_000;

export class Refill {
  readonly rate = new RefillRate();
  readonly #options: RefillOptions;
  readonly #restoring = new Map<string, Promise<void>>();
  readonly #ended = new AbortController();
  #failuresInRow = 0;
  #failed = 0;
  #pausedUntil = 0;
  /** What is short, and was told. */
  #shortage: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RefillOptions) {
    this.#options = options;
  }

  /** Restores under way. */
  get restoring(): number {
    return this.#restoring.size;
  }

  /** Restores that failed so far. */
  get failed(): number {
    return this.#failed;
  }

  /** What is left of the pause after a failure, ms. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Begins what restores are wanted and possible. */
  begin(): void {
    while (this.#mayBegin()) {
      const shortage = this.#findShortage();
      if (shortage !== undefined) {
        this.#wait(shortage);
        return;
      }
      this.#shortage = undefined;
      if (!this.#beginOne()) return;
    }
  }

  /** As {@link begin}, in a turn of its own: whoever takes a guest must not pay for it. */
  beginSoon(): void {
    if (this.pauseMs === 0) this.#beginIn(0);
  }

  /** Stops the restores under way and waits for them. */
  async end(): Promise<void> {
    this.#ended.abort(new Error('the pool is closing'));
    clearTimeout(this.#timer);
    await Promise.all(this.#restoring.values());
  }

  #mayBegin(): boolean {
    const isFree = this.#restoring.size < this.#options.refillWorkers && this.pauseMs === 0;
    return isFree && !this.#ended.signal.aborted && this.#options.isWanted();
  }

  /** One decision at a time: a later call takes the place of an earlier one. */
  #beginIn(delayMs: number): void {
    if (this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // A pause ends with its timer, also when that fires a moment early.
      this.#pausedUntil = 0;
      this.begin();
    }, delayMs);
  }

  #findShortage(): string | undefined {
    const { availableMemory, memoryReserveBytes, freeDescriptors } = this.#options;
    // First: without one, nothing can be read of the host.
    if (freeDescriptors() < DESCRIPTOR_RESERVE) return 'the server is short of file descriptors';
    return availableMemory() < memoryReserveBytes ? 'the host is short of memory' : undefined;
  }

  #wait(shortage: string): void {
    const isKnown = this.#shortage === shortage;
    this.#shortage = shortage;
    this.#beginIn(SHORTAGE_RETRY_MS);
    if (!isKnown) this.#options.onShortage(new Error(`${shortage}: no guest is restored`));
  }

  /** Whether one was begun. That there is no name for it is a restore that failed. */
  #beginOne(): boolean {
    try {
      const name = this.#options.nextName();
      this.#restoring.set(name, this.#restore(name));
      return true;
    } catch (error) {
      this.#backOff(error);
      return false;
    }
  }

  async #restore(name: string): Promise<void> {
    const began = performance.now();
    const history = new History('RESTORING');
    const late = new AbortController();
    const restored = this.#options.restore(name, AbortSignal.any([this.#ended.signal, late.signal]));
    try {
      const ready = await this.#options.inTime(name, restored);
      history.move('READY');
      this.#restoring.delete(name);
      this.#failuresInRow = 0;
      const ms = performance.now() - began;
      this.rate.add(ms);
      this.#options.onRestored({ ...ready, history }, ms);
    } catch (error) {
      this.#restoring.delete(name);
      // If it is late: nobody waits for its guest any more.
      late.abort(error);
      restored.then(({ guest }) => guest[Symbol.asyncDispose]()).catch(() => {});
      if (!this.#ended.signal.aborted) this.#backOff(error);
    } finally {
      this.beginSoon();
    }
  }

  #backOff(cause: unknown): void {
    const delay = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failuresInRow);
    this.#failuresInRow += 1;
    this.#failed += 1;
    this.#pausedUntil = performance.now() + delay;
    this.#beginIn(delay);
    this.#options.onRestoreFailed(new Error('a guest could not be restored', { cause }));
  }
}
