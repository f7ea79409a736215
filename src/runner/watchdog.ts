/**
 * Finds guests that are stuck: ready ones whose QEMU does not answer any more, and those that are on their way from one
 * state to another for longer than that may take. What is stuck is reported, and whoever waits for it goes on without it.
 */
import { DeadlineError, within } from '../lib/deadline.ts';

/** Where a guest can be stuck. */
export const STUCK_STATES = ['ready', 'restoring', 'connecting', 'waking', 'retiring'] as const;
export type StuckState = (typeof STUCK_STATES)[number];

/** How long a guest may be on its way, ms: many times what it takes on a busy host, for each of its steps has a deadline. */
const LONGEST_MS = {
  /** To a guest that has passed its proof; measured below 1 s. */
  restoring: 120_000,
  /** To its way out; each command of the host's has 10 s. */
  connecting: 25_000,
  /** To a running CPU, which QEMU has 5 s for. */
  waking: 10_000,
  /** To its end: QEMU is killed, the kernel has 5 s to empty its control group, its folder is removed. */
  retiring: 30_000,
} as const satisfies Record<Exclude<StuckState, 'ready'>, number>;

/** How often each ready guest is asked, ms. */
const CHECK_EVERY_MS = 20_000;

/** Asks a ready guest; rejects when it cannot be used any more, after a deadline of its own. */
type Checked = { readonly guest: { readonly name: string; check(): Promise<void> } };

export type WatchdogOptions<Entry extends Checked> = {
  /** The guests that are ready now. */
  readonly ready: () => readonly Entry[];
  /** Is to end a ready guest that is stuck. */
  readonly onDead: (entry: Entry, cause: Error) => void;
  readonly onStuck: (state: StuckState) => void;
};

export class Watchdog<Entry extends Checked> implements Disposable {
  readonly #options: WatchdogOptions<Entry>;
  /** When each was asked last, as a count of questions. */
  readonly #asked = new WeakMap<Entry, number>();
  #questions = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions<Entry>) {
    this.#options = options;
  }

  /** Begins to ask the ready guests, one after the other, so that each is asked every twenty seconds. */
  start(): void {
    const { length } = this.#options.ready();
    this.#timer = setTimeout(() => {
      void this.#checkNext();
      this.start();
    }, CHECK_EVERY_MS / Math.max(1, length)).unref();
  }

  /**
   * Waits for a guest that is on its way, no longer than that may take. The work itself goes on.
   * @throws {DeadlineError} When it takes longer. @throws What the work rejects with.
   */
  async within<T>(state: keyof typeof LONGEST_MS, guest: string, work: Promise<T>): Promise<T> {
    try {
      return await within(LONGEST_MS[state], `${guest}, which is stuck in ${state}`, work);
    } catch (error) {
      if (isLate(error)) this.#options.onStuck(state);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  async #checkNext(): Promise<void> {
    const { ready, onDead, onStuck } = this.#options;
    const asked = (entry: Entry) => this.#asked.get(entry) ?? 0;
    const [next] = ready().toSorted((a, b) => asked(a) - asked(b));
    if (!next) return;
    this.#questions += 1;
    this.#asked.set(next, this.#questions);
    try {
      await next.guest.check();
    } catch (cause) {
      // Meanwhile somebody may have taken it, who learns of it as well.
      if (!ready().includes(next)) return;
      onStuck('ready');
      onDead(next, new Error('it did not answer its check', { cause }));
    }
  }
}

/** Whether it is for a deadline that something failed. */
const isLate = (error: unknown): boolean =>
  error instanceof DeadlineError || (error instanceof Error && error.cause instanceof DeadlineError);
