/** The agent's event loop: one poll(2) at a time, handlers in a fixed order, no callbacks from elsewhere. */
import { pollFds } from './libc.ts';

export const POLLIN = 0x01;
export const POLLPRI = 0x02;
export const POLLOUT = 0x04;
export const POLLHUP = 0x10;

/** A descriptor that the loop waits for. */
export type Watch = {
  readonly fd: number;
  /** Events to wait for; undefined leaves the descriptor out, its hang-up included. */
  events: number | undefined;
  readonly onReady: (events: number) => void;
};

/** A moment that the loop waits for. */
export type Timer = {
  /** On the clock of {@link now}; undefined: not set. The loop clears it before it calls `onTime`. */
  at: number | undefined;
  readonly onTime: () => void;
};

/** Milliseconds on a clock that nobody sets. */
export const now = (): number => performance.now();

export class Loop {
  readonly #watches = new Set<Watch>();
  readonly #timers = new Set<Timer>();
  #polled = new Int32Array(64);

  watch(watch: Watch): void {
    this.#watches.add(watch);
  }

  unwatch(watch: Watch): void {
    this.#watches.delete(watch);
  }

  addTimer(timer: Timer): void {
    this.#timers.add(timer);
  }

  removeTimer(timer: Timer): void {
    this.#timers.delete(timer);
  }

  /** Waits for the next events or the next timer, or until a signal comes, and handles what happened. */
  turn(): void {
    const watches = [...this.#watches].filter(({ events }) => events !== undefined);
    if (watches.length * 2 > this.#polled.length) this.#polled = new Int32Array(watches.length * 4);
    for (const [index, { fd, events = 0 }] of watches.entries()) {
      this.#polled[index * 2] = fd;
      this.#polled[index * 2 + 1] = events;
    }
    const ready = pollFds(this.#polled, watches.length, this.#timeoutMs());
    if (ready > 0) {
      // A handler may take a later watch away, so the results are copied first.
      const results = this.#polled.slice(0, watches.length * 2);
      for (const [index, watch] of watches.entries()) {
        const events = (results[index * 2 + 1] ?? 0) >>> 16;
        if (events !== 0 && this.#watches.has(watch)) watch.onReady(events);
      }
    }
    this.#fireTimers();
  }

  #timeoutMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#timers) if (at !== undefined && at < next) next = at;
    if (next === Number.POSITIVE_INFINITY) return -1;
    return Math.min(0x7fff_ffff, Math.max(0, Math.ceil(next - now())));
  }

  #fireTimers(): void {
    if (this.#timers.size === 0) return;
    const time = now();
    for (const timer of Array.from(this.#timers)) {
      if (timer.at === undefined || timer.at > time || !this.#timers.has(timer)) continue;
      timer.at = undefined;
      timer.onTime();
    }
  }
}
