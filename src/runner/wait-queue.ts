/** Those who wait for something, first come first served; bounded in number, each with its own deadline. */
import { WaitTimes } from './wait-times.ts';

type Waiter<T> = {
  readonly since: number;
  readonly settle: (act: (wait: PromiseWithResolvers<T>) => void) => void;
};

export type WaitTerms = {
  /** How long to wait at most, ms. */
  readonly waitMs: number;
  /** Takes the waiter out of the queue. */
  readonly signal: AbortSignal;
  /** Makes the error for a wait that was too long. */
  readonly onLate: () => Error;
};

export class WaitQueue<T> {
  readonly limit: number;
  /** How long those waited who got something, or waited in vain until their deadline. */
  readonly times = new WaitTimes();
  readonly #onWaited: (ms: number) => void;
  /** A set keeps the order of arrival and lets anybody leave at once. */
  readonly #waiters = new Set<Waiter<T>>();

  constructor(limit: number, onWaited: (ms: number) => void) {
    this.limit = limit;
    this.#onWaited = onWaited;
  }

  get length(): number {
    return this.#waiters.size;
  }

  get isFull(): boolean {
    return this.#waiters.size >= this.limit;
  }

  /**
   * Waits at the end of the queue, which must not be full.
   * @throws What `onLate` makes when the time is up; the signal's reason when it is aborted; or as {@link refuse}.
   */
  join({ waitMs, signal, onLate }: WaitTerms): Promise<T> {
    const wait = Promise.withResolvers<T>();
    const settle: Waiter<T>['settle'] = (act) => {
      this.#waiters.delete(waiter);
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      act(wait);
    };
    const waiter = { since: performance.now(), settle };
    const leave = () => settle(({ reject }) => reject(signal.reason));
    const timer = setTimeout(() => {
      this.#record(waiter);
      settle(({ reject }) => reject(onLate()));
    }, waitMs);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiters.add(waiter);
    return wait.promise;
  }

  /**
   * Gives the one who has waited longest what `make` makes for it; `make` is told how long that was, ms.
   * @returns Whether somebody waited.
   */
  serve(make: (waitedMs: number) => T): boolean {
    const [first] = this.#waiters;
    if (!first) return false;
    const value = make(this.#record(first));
    first.settle(({ resolve }) => resolve(value));
    return true;
  }

  /** Turns everybody away. */
  refuse(makeError: () => Error): void {
    for (const { settle } of this.#waiters) settle(({ reject }) => reject(makeError()));
  }

  #record({ since }: Waiter<T>): number {
    const ms = performance.now() - since;
    this.times.add(ms);
    this.#onWaited(ms);
    return ms;
  }
}
