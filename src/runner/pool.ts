/**
 * The ready guests. Each is handed out once; a new one is restored behind it; a used one is retired, which
 * nobody waits for but the pool's own end.
 */
import type { Guest } from '../guest/guest.ts';
import type { RestoreProof } from '../guest/ready.ts';
import { RunnerNotAvailableError } from './errors.ts';

/** What the pool and a run need of a guest. */
export type RunnerGuest = Pick<
  Guest,
  'name' | 'pid' | 'lost' | 'run' | 'resume' | typeof Symbol.asyncDispose
>;

/** A guest that has passed its restore proof and waits, stopped. */
export type ReadyGuest = { readonly guest: RunnerGuest; readonly proof: RestoreProof };

/** A ready guest that belongs to one user until it is disposed of, which retires it. */
export type Lease = ReadyGuest & Disposable;

export type PoolOptions = {
  readonly target: number;
  readonly maxGuests: number;
  readonly refillWorkers: number;
  readonly memoryReserveBytes: number;
  /** Makes a ready guest of this name; cleans up after itself when it fails. */
  readonly restore: (name: string, signal: AbortSignal) => Promise<ReadyGuest>;
  /** Host memory that is available, bytes. */
  readonly availableMemory: () => number;
  /** Told of each restore that failed, each ready guest that died, and once of each shortage of memory. */
  readonly onFailure: (error: Error) => void;
};

export type PoolRunner = { readonly name: string; readonly inUse: boolean; readonly pid: number };

export type PoolCounts = {
  readonly target: number;
  readonly ready: number;
  readonly restoring: number;
  readonly leased: number;
  readonly retiring: number;
  /** Restores that failed since the pool began. */
  readonly failed: number;
};

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
/** How soon to look again when the host is short of memory, ms. */
const MEMORY_RETRY_MS = 1_000;
/** Weight of the newest restore in the running mean of restore times. */
const MEAN_WEIGHT = 0.2;

export class RunnerPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #ready: ReadyGuest[] = [];
  readonly #leased = new Map<string, ReadyGuest>();
  readonly #restoring = new Map<string, Promise<void>>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #waiters = new Set<() => void>();
  #nextName = 1;
  #failuresInRow = 0;
  #failed = 0;
  #pausedUntil = 0;
  #shortOfMemory = false;
  #timer: NodeJS.Timeout | undefined;
  #meanRestoreMs = 1_000;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Begins to fill the pool. */
  start(): void {
    this.#refill();
  }

  get counts(): PoolCounts {
    return {
      target: this.#options.target,
      ready: this.#ready.length,
      restoring: this.#restoring.size,
      leased: this.#leased.size,
      retiring: this.#retiring.size,
      failed: this.#failed,
    };
  }

  /** The guests that somebody uses or could use now. */
  get runners(): PoolRunner[] {
    const shown = (inUse: boolean) => (entry: ReadyGuest) => ({
      name: entry.guest.name,
      inUse,
      pid: entry.guest.pid,
    });
    return [...[...this.#leased.values()].map(shown(true)), ...this.#ready.map(shown(false))];
  }

  /**
   * Hands out a ready guest, and starts to restore its successor. No waiting, no system call.
   * @throws {RunnerNotAvailableError} When none is ready.
   */
  take(): Lease {
    const entry = this.#ready.shift();
    if (!entry) throw new RunnerNotAvailableError(this.#retryAfterSeconds());
    this.#leased.set(entry.guest.name, entry);
    this.#refillSoon(0);
    return {
      ...entry,
      [Symbol.dispose]: () => {
        if (this.#leased.delete(entry.guest.name)) this.#retire(entry.guest);
      },
    };
  }

  /** Waits until `count` guests are ready. Rejects with the signal's reason, or when the pool closes first. */
  async whenReady(count: number, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    ended.addEventListener('abort', () => this.#wake(), { once: true });
    while (this.#ready.length < count) {
      ended.throwIfAborted();
      await this.#change();
    }
  }

  /** Hands out no more, waits for the leases to end, and ends every guest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the pool is closing'));
    clearTimeout(this.#timer);
    for (const { guest } of this.#ready.splice(0)) this.#retire(guest);
    await Promise.all(this.#restoring.values());
    while (this.#leased.size > 0 || this.#retiring.size > 0) await this.#change();
  }

  #retryAfterSeconds(): number {
    const workers = Math.max(1, this.#restoring.size);
    const pauseMs = Math.max(0, this.#pausedUntil - performance.now());
    return Math.max(1, Math.ceil((pauseMs + this.#meanRestoreMs / workers) / 1000));
  }

  /** One refill decision at a time; a `take` must not pay for it. */
  #refillSoon(delayMs: number): void {
    if (this.#closing.signal.aborted || (delayMs === 0 && this.#pausedUntil > performance.now())) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // A pause ends with its timer, also when that fires a moment early.
      this.#pausedUntil = 0;
      this.#refill();
    }, delayMs);
  }

  #refill(): void {
    while (this.#wantsMore()) {
      if (this.#options.availableMemory() < this.#options.memoryReserveBytes) {
        this.#waitForMemory();
        return;
      }
      this.#shortOfMemory = false;
      const name = `runner-${this.#nextName++}`;
      this.#restoring.set(name, this.#restore(name));
    }
  }

  #waitForMemory(): void {
    const isKnown = this.#shortOfMemory;
    this.#shortOfMemory = true;
    this.#refillSoon(MEMORY_RETRY_MS);
    if (!isKnown) this.#options.onFailure(new Error('the host is short of memory: no guest is restored'));
  }

  #wantsMore(): boolean {
    const { target, maxGuests, refillWorkers } = this.#options;
    const coming = this.#ready.length + this.#restoring.size;
    return (
      !this.#closing.signal.aborted &&
      performance.now() >= this.#pausedUntil &&
      coming < target &&
      coming + this.#leased.size + this.#retiring.size < maxGuests &&
      this.#restoring.size < refillWorkers
    );
  }

  async #restore(name: string): Promise<void> {
    const began = performance.now();
    try {
      const entry = await this.#options.restore(name, this.#closing.signal);
      this.#meanRestoreMs += MEAN_WEIGHT * (performance.now() - began - this.#meanRestoreMs);
      this.#failuresInRow = 0;
      this.#accept(entry);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#backOff(error);
    } finally {
      this.#restoring.delete(name);
      this.#refillSoon(0);
      this.#wake();
    }
  }

  #accept(entry: ReadyGuest): void {
    if (this.#closing.signal.aborted) {
      this.#retire(entry.guest);
      return;
    }
    this.#ready.push(entry);
    void entry.guest.lost.then((cause) => {
      const index = this.#ready.indexOf(entry);
      if (index < 0) return;
      this.#ready.splice(index, 1);
      this.#options.onFailure(new Error(`ready guest ${entry.guest.name} was lost`, { cause }));
      this.#retire(entry.guest);
    });
  }

  #backOff(error: unknown): void {
    const delay = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failuresInRow);
    this.#failuresInRow += 1;
    this.#failed += 1;
    this.#pausedUntil = performance.now() + delay;
    this.#options.onFailure(new Error('a guest could not be restored', { cause: error }));
    this.#refillSoon(delay);
  }

  #retire(guest: RunnerGuest): void {
    const retired = guest[Symbol.asyncDispose]()
      .catch((error: unknown) => {
        this.#options.onFailure(new Error(`guest ${guest.name} was not retired cleanly`, { cause: error }));
      })
      .finally(() => {
        this.#retiring.delete(retired);
        this.#refillSoon(0);
        this.#wake();
      });
    this.#retiring.add(retired);
  }

  /** Waits until a guest came or went. */
  async #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.add(resolve);
    await promise;
    this.#waiters.delete(resolve);
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }
}
