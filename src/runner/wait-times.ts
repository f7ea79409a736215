/** How long the latest waits were. */

export type WaitStats = {
  /** Waits that the other figures are of: the latest few hundred at most. */
  readonly count: number;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
};

/** How many waits are remembered. */
const KEPT = 256;

export class WaitTimes {
  readonly #times: number[] = [];

  add(ms: number): void {
    this.#times.push(ms);
    if (this.#times.length > KEPT) this.#times.shift();
  }

  get stats(): WaitStats {
    const count = this.#times.length;
    if (count === 0) return { count, meanMs: null, p95Ms: null, maxMs: null };
    const sorted = this.#times.toSorted((a, b) => a - b);
    return {
      count,
      meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / count,
      p95Ms: sorted[Math.ceil(count * 0.95) - 1] ?? null,
      maxMs: sorted[count - 1] ?? null,
    };
  }
}
