/** How fast guests are restored, as measured. */

/** Weight of the newest restore in the running mean. */
const NEWEST_WEIGHT = 0.2;
/** What a restore is taken to last before the first was measured, ms. */
const ASSUMED_RESTORE_MS = 1_000;

export class RefillRate {
  #meanMs: number | undefined;

  /** Takes a restore that succeeded into account. */
  add(ms: number): void {
    this.#meanMs = this.#meanMs === undefined ? ms : this.#meanMs + NEWEST_WEIGHT * (ms - this.#meanMs);
  }

  /** Running mean of restore times; null before the first restore. */
  get meanRestoreMs(): number | null {
    return this.#meanMs ?? null;
  }

  /** Guests a second that so many workers restore side by side; null before the first restore. */
  perSecond(workers: number): number | null {
    return this.#meanMs === undefined ? null : (workers * 1000) / Math.max(1, this.#meanMs);
  }

  /** After how many whole seconds, at least one, so many guests are there. */
  secondsUntil(guests: number, workers: number, pauseMs: number): number {
    const restoreMs = this.#meanMs ?? ASSUMED_RESTORE_MS;
    return Math.max(1, Math.ceil((pauseMs + (guests * restoreMs) / workers) / 1000));
  }
}
