/**
 * The guests of failed one-shot runs that are kept for the operator's eyes: for a while, and the latest ones only.
 * Each keeps its lease, so it counts among the guests that there may be.
 */
import type { FailedGuests, FailedRun } from '../runner/failed-run.ts';
import { KeptGuest, type KeptView } from './kept-guest.ts';

export type KeptGuestsOptions = {
  /** How long each is kept, ms. */
  readonly ms: number;
  /** How many at once; the oldest goes first. */
  readonly most: number;
};

export class KeptGuests implements FailedGuests {
  readonly #options: KeptGuestsOptions;
  /** By name, the oldest first. */
  readonly #kept = new Map<string, KeptGuest>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: KeptGuestsOptions) {
    this.#options = options;
  }

  offer(failed: FailedRun): boolean {
    if (this.#isClosed) return false;
    const { ms } = this.#options;
    const { name } = failed.lease.guest;
    const guest = new KeptGuest(failed, ms);
    this.#kept.set(name, guest);
    const timer = setTimeout(() => void this.end(name), ms).unref();
    this.#timers.set(name, timer);
    void this.#freeze(name, guest);
    return true;
  }

  /** The oldest first. */
  get list(): readonly KeptView[] {
    return [...this.#kept.values()].map(({ view }) => view);
  }

  find(name: string): KeptGuest | undefined {
    return this.#kept.get(name);
  }

  /** Ends one; resolves when it is gone, or at once when there is none of this name. Never rejects. */
  async end(name: string): Promise<void> {
    const guest = this.#kept.get(name);
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
    this.#kept.delete(name);
    await guest?.end();
  }

  /** Ends them all, and takes no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#kept.keys()].map((name) => this.end(name)));
  }

  /** A guest that died, or whose QEMU is stuck, is of no use; it pushes no other out. */
  async #freeze(name: string, guest: KeptGuest): Promise<void> {
    try {
      await guest.freeze();
    } catch {
      return this.end(name);
    }
    void guest.gone.then(() => this.end(name));
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > this.#options.most) await this.end(oldest);
  }
}
