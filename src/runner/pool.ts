/**
 * The ready guests. Each is handed out once; a new one is restored behind it; a used one is retired, which
 * nobody waits for but the pool's own end. Who finds none ready may wait in a queue.
 */
import { CpuMeter } from './cpu-meter.ts';
import { RunnerNotAvailableError } from './errors.ts';
import type { Lease, ReadyEntry } from './lease.ts';
import type { ClaimTerms, PoolOptions } from './pool-options.ts';
import type { PoolCounts, QueueStats, RefillStats } from './pool-stats.ts';
import { type RecentError, RecentErrors } from './recent-errors.ts';
import { Refill, type RestoredGuest } from './refill.ts';
import { Turnover } from './turnover.ts';
import { WaitQueue } from './wait-queue.ts';
import { Watchdog } from './watchdog.ts';

export class RunnerPool implements AsyncDisposable {
  readonly watchdog: Watchdog<ReadyEntry>;
  readonly #options: PoolOptions;
  readonly #refill: Refill;
  /** Never has anybody while a guest is ready. */
  readonly #queue: WaitQueue<Lease>;
  readonly #errors = new RecentErrors();
  readonly #ready: ReadyEntry[] = [];
  readonly #leased = new Set<ReadyEntry>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #onChange = new Set<() => void>();
  readonly #turnover: Turnover<ReadyEntry>;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = new WaitQueue(options.queueLimit, (ms) => options.observer?.waited(ms));
    this.watchdog = new Watchdog({
      ready: () => this.#ready,
      onDead: (entry, cause) => this.#lose(entry, cause),
      onStuck: (state) => options.observer?.stuck(state),
    });
    this.#turnover = new Turnover({ ready: () => this.#ready, standing: options.standing });
    this.#refill = new Refill({
      ...options,
      inTime: (name, restored) => this.watchdog.within('restoring', name, restored),
      isWanted: () => this.#wantsMore(),
      onRestored: (guest, ms) => {
        options.observer?.restored(ms);
        this.#accept(guest);
      },
      onRestoreFailed: (error) => {
        options.observer?.restoreFailed();
        this.#report(error);
      },
      onShortage: (error) => this.#report(error),
    });
  }

  /** Begins to fill the pool. */
  start(): void {
    this.watchdog.start();
    this.#refill.begin();
  }

  get counts(): PoolCounts {
    return {
      target: this.#options.target,
      ready: this.#ready.length,
      restoring: this.#refill.restoring,
      leased: this.#leased.size,
      retiring: this.#retiring.size,
      waiting: this.#queue.length,
      failed: this.#refill.failed,
    };
  }

  get queueStats(): QueueStats {
    return { length: this.#queue.length, limit: this.#queue.limit, waits: this.#queue.times.stats };
  }

  get refill(): RefillStats {
    const { rate } = this.#refill;
    return { meanRestoreMs: rate.meanRestoreMs, perSecond: rate.perSecond(this.#options.refillWorkers) };
  }

  /** The latest, oldest first. */
  get lastErrors(): readonly RecentError[] {
    return this.#errors.list;
  }

  /** The guests that somebody could have now, the next one first. */
  get ready(): readonly RestoredGuest[] {
    return this.#ready;
  }

  /**
   * Hands out a ready guest, and starts to restore its successor; without one, waits for it behind those who
   * wait already. No system call on the way when one is ready.
   * @throws {RunnerNotAvailableError} When none is ready and the queue is full, or none became ready in time, or
   * the pool closes.
   * @throws The signal's reason when it is aborted.
   */
  async claim({ waitSeconds, signal }: ClaimTerms): Promise<Lease> {
    signal.throwIfAborted();
    const entry = this.#ready.shift();
    if (entry) return this.#lease(entry, 0);
    if (waitSeconds === 0 || this.#queue.isFull || this.#closing.signal.aborted) throw this.#notAvailable();
    const lease = this.#queue.join({
      waitMs: waitSeconds * 1000,
      signal,
      onLate: () => this.#notAvailable(),
    });
    this.#refill.beginSoon();
    return lease;
  }

  /** Takes in a guest that an earlier server handed out. @param cpuMs What was counted of its CPU time. */
  adopt(guest: RestoredGuest, cpuMs: number): Lease {
    const entry = { ...guest, cpu: new CpuMeter(guest.guest.pid, this.#options.cpuMs, cpuMs) };
    void guest.guest.lost.then((cause) => this.#lose(entry, cause));
    return this.#lease(entry, 0);
  }

  /** Waits until `count` guests are ready. Rejects with the signal's reason, or when the pool closes first. */
  async whenReady(count: number, signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#ready.length >= count, signal);
  }

  /**
   * Looks at the templates' standing anew: ready guests of one that failed are ended, those of an outdated one are
   * replaced one after the other, so that no fewer are ready meanwhile, where there is room for one more.
   * @param renew How many of the others to replace as well, the oldest ones.
   */
  review(renew = 0): void {
    for (const entry of this.#turnover.failed) this.#drop(entry);
    this.#turnover.renew(renew);
    this.#turnOver();
    this.#refill.beginSoon();
  }

  /** Waits until nothing is left to be replaced. Rejects as {@link whenReady}. */
  async whenTurnedOver(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#turnover.next === undefined, signal);
  }

  /** Hands out no more, refuses those who wait, waits for the leases to end, and ends every guest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the pool is closing'));
    this.watchdog[Symbol.dispose]();
    this.#queue.refuse(() => this.#notAvailable());
    for (const entry of this.#ready.splice(0)) void this.#retire(entry);
    await this.#refill.end();
    while (this.#leased.size > 0 || this.#retiring.size > 0) await this.#change();
  }

  /** Guests that may still be made. */
  get #room(): number {
    const { ready, restoring, leased, retiring } = this.counts;
    return this.#options.maxGuests - ready - restoring - leased - retiring;
  }

  /** Each who waits raises the demand by one, and so does what is to be replaced. */
  #wantsMore(): boolean {
    const { target, ready, restoring, waiting } = this.counts;
    const spare = this.#turnover.next ? 1 : 0;
    return this.#room > 0 && ready + restoring < target + waiting + spare;
  }

  /** Ends a guest whose successor is ready, or for whose successor there is no room. */
  #turnOver(): void {
    const { next } = this.#turnover;
    const { target, ready, restoring, retiring } = this.counts;
    if (!next || ready < target) return;
    const isFull = this.#room <= 0 && restoring + retiring === 0;
    if (ready > target || isFull) this.#drop(next);
  }

  /** Ends a ready guest. */
  #drop(entry: ReadyEntry): void {
    this.#ready.splice(this.#ready.indexOf(entry), 1);
    void this.#retire(entry);
  }

  #notAvailable(): RunnerNotAvailableError {
    const { restoring, waiting } = this.counts;
    const workers = Math.min(this.#options.refillWorkers, Math.max(1, restoring + this.#room));
    return new RunnerNotAvailableError(
      this.#refill.rate.secondsUntil(waiting + 1, workers, this.#refill.pauseMs),
    );
  }

  #lease(entry: ReadyEntry, queueMs: number): Lease {
    this.#leased.add(entry);
    this.#refill.beginSoon();
    let retired: Promise<void> | undefined;
    const retire = () => {
      this.#leased.delete(entry);
      return this.#retire(entry);
    };
    return {
      ...entry,
      queueMs,
      release: () => {
        this.#leased.delete(entry);
        entry.guest.release();
        this.#changed();
      },
      [Symbol.asyncDispose]: () => {
        retired ??= retire();
        return retired;
      },
    };
  }

  #accept(guest: RestoredGuest): void {
    const entry = { ...guest, cpu: new CpuMeter(guest.guest.pid, this.#options.cpuMs) };
    if (this.#closing.signal.aborted || this.#turnover.isFailed(entry)) {
      void this.#retire(entry);
      return;
    }
    void guest.guest.lost.then((cause) => this.#lose(entry, cause));
    if (!this.#queue.serve((waitedMs) => this.#lease(entry, waitedMs))) this.#ready.push(entry);
    this.#turnOver();
    this.#changed();
  }

  /** A guest in use is its user's business, who learns of its end as well. */
  #lose(entry: ReadyEntry, cause: Error): void {
    const index = this.#ready.indexOf(entry);
    if (index >= 0 || this.#leased.has(entry)) this.#options.observer?.lost(entry.template);
    if (index < 0) return;
    this.#drop(entry);
    this.#report(new Error(`ready guest ${entry.guest.name} was lost`, { cause }));
  }

  #retire({ guest, history }: RestoredGuest): Promise<void> {
    history.move('RETIRING');
    // One whose end is late holds no room any more; its end goes on behind.
    const retired = this.watchdog
      .within('retiring', guest.name, guest[Symbol.asyncDispose]())
      .catch((cause: unknown) => {
        this.#report(new Error(`guest ${guest.name} was not retired cleanly`, { cause }));
      })
      .finally(() => {
        this.#retiring.delete(retired);
        this.#turnOver();
        this.#refill.beginSoon();
        this.#changed();
      });
    this.#retiring.add(retired);
    return retired;
  }

  #report(error: Error): void {
    this.#errors.add(error);
    this.#options.onFailure(error);
  }

  /** Rejects with the signal's reason, or when the pool closes first. */
  async #until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    ended.addEventListener('abort', () => this.#changed(), { once: true });
    for (;;) {
      ended.throwIfAborted();
      if (isSo()) return;
      await this.#change();
    }
  }

  /** Waits until a guest came or went. */
  async #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onChange.add(resolve);
    await promise;
    this.#onChange.delete(resolve);
  }

  #changed(): void {
    for (const wake of this.#onChange) wake();
  }
}
