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
    const asked = this.#ask();
    if (pollFds(this.#polled, asked.length, this.#timeoutMs()) > 0) this.#answer(asked);
    this.#fireTimers();
  }

  /** Writes down what is waited for. Plain loops, here and below: with iterators this was a fifth of what the agent executes. */
  #ask(): readonly Watch[] {
    const asked: Watch[] = [];
    for (const watch of this.#watches) if (watch.events !== undefined) asked.push(watch);
    if (asked.length * 2 > this.#polled.length) this.#polled = new Int32Array(asked.length * 4);
    let at = 0;
    for (const { fd, events = 0 } of asked) {
      this.#polled[at] = fd;
      this.#polled[at + 1] = events;
      at += 2;
    }
    return asked;
  }

  #answer(asked: readonly Watch[]): void {
    // A handler may turn the loop itself, so the results are copied first.
    const happened: { readonly watch: Watch; readonly events: number }[] = [];
    let at = 1;
    for (const watch of asked) {
      const events = (this.#polled[at] ?? 0) >>> 16;
      if (events !== 0) happened.push({ watch, events });
      at += 2;
    }
    // It may take a later watch away as well.
    for (const { watch, events } of happened) if (this.#watches.has(watch)) watch.onReady(events);
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
