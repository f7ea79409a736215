/** When a persistent runner ends by itself. */
import type { Lifetime } from './terms.ts';

/** How much of both clocks has passed, ms. */
export type Elapsed = { readonly ageMs: number; readonly idleMs: number };

const NEW: Elapsed = { ageMs: 0, idleMs: 0 };

export class LifeClock implements Disposable {
  readonly #lifetime: Lifetime;
  readonly #onExpired: (why: string) => void;
  readonly #ageTimer: NodeJS.Timeout;
  readonly #endsAt: number;
  #idle: { readonly timer: NodeJS.Timeout; readonly endsAt: number } | undefined;

  /**
   * Both clocks run from now on. The process may end before them.
   * @param ageMs How old the runner is already.
   * @param idleMs How long it has been without a run.
   */
  constructor(lifetime: Lifetime, onExpired: (why: string) => void, { ageMs: oldMs, idleMs } = NEW) {
    this.#lifetime = lifetime;
    this.#onExpired = onExpired;
    const ageMs = Math.max(0, lifetime.maxAgeSeconds * 1000 - oldMs);
    this.#endsAt = performance.now() + ageMs;
    this.#ageTimer = setTimeout(() => onExpired('the runner reached its maximum age'), ageMs).unref();
    this.startIdle(idleMs);
  }

  /** Nothing runs any more: the idle time begins anew. @param usedMs What of it has passed already. */
  startIdle(usedMs = 0): void {
    const idleMs = Math.max(0, this.#lifetime.idleSeconds * 1000 - usedMs);
    const timer = setTimeout(() => this.#onExpired('the runner was idle for too long'), idleMs).unref();
    this.#idle = { timer, endsAt: performance.now() + idleMs };
  }

  /** Something runs. */
  stopIdle(): void {
    clearTimeout(this.#idle?.timer);
    this.#idle = undefined;
  }

  /** Null while something runs. */
  get idleLeftMs(): number | null {
    return this.#idle ? left(this.#idle.endsAt) : null;
  }

  get ageLeftMs(): number {
    return left(this.#endsAt);
  }

  [Symbol.dispose](): void {
    this.stopIdle();
    clearTimeout(this.#ageTimer);
  }
}

const left = (endsAt: number) => Math.max(0, endsAt - performance.now());
