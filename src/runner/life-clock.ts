/** When a persistent runner ends by itself. */
import type { Lifetime } from './terms.ts';

export class LifeClock implements Disposable {
  readonly #lifetime: Lifetime;
  readonly #onExpired: (why: string) => void;
  readonly #ageTimer: NodeJS.Timeout;
  readonly #endsAt: number;
  #idle: { readonly timer: NodeJS.Timeout; readonly endsAt: number } | undefined;

  /** Both clocks run from now on. The process may end before them. */
  constructor(lifetime: Lifetime, onExpired: (why: string) => void) {
    this.#lifetime = lifetime;
    this.#onExpired = onExpired;
    const ageMs = lifetime.maxAgeSeconds * 1000;
    this.#endsAt = performance.now() + ageMs;
    this.#ageTimer = setTimeout(() => onExpired('the runner reached its maximum age'), ageMs).unref();
    this.startIdle();
  }

  /** Nothing runs any more: the idle time begins anew. */
  startIdle(): void {
    const idleMs = this.#lifetime.idleSeconds * 1000;
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
