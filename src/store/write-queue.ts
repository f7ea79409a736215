/**
 * Writes that wait while another process holds the database, in their order. SQLite itself could only wait by holding
 * the event loop up, and with it every request.
 */
import { isBusy, StoreBusyError } from './errors.ts';

type Entry = {
  /** @throws What SQLite says. */
  readonly attempt: () => void;
  readonly fail: (error: unknown) => void;
};

/** How soon to try again, ms. Each try holds the event loop up for as long as a statement waits. */
const RETRY_MS = 250;
/** Writes that may wait at most. */
const MOST = 10_000;

export class WriteQueue implements Disposable {
  readonly #waiting = new Set<Entry>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * Carries `write` out.
   * @param waitMs How long it may wait.
   * @returns What it gives: itself when nobody holds the database and nothing waits, else a promise of it.
   * @throws {StoreBusyError} When it waited so long in vain, too many wait already, or the database is closed first.
   * @throws What `write` throws.
   */
  add<T>(write: () => T, waitMs: number): T | Promise<T> {
    if (this.#waiting.size >= MOST) throw new StoreBusyError();
    if (this.#waiting.size === 0) {
      try {
        return write();
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const entry: Entry = { attempt: () => resolve(write()), fail: reject };
    this.#waiting.add(entry);
    this.#timer ??= this.#drainLater();
    if (!Number.isFinite(waitMs)) return promise;
    const late = setTimeout(() => this.#giveUp(entry), waitMs);
    return promise.finally(() => clearTimeout(late));
  }

  /** Tries once more what waits, and gives it up. */
  [Symbol.dispose](): void {
    this.#drain();
    clearTimeout(this.#timer);
    for (const entry of this.#waiting) this.#giveUp(entry);
  }

  #giveUp(entry: Entry): void {
    this.#waiting.delete(entry);
    entry.fail(new StoreBusyError());
  }

  #drainLater(): NodeJS.Timeout {
    return setTimeout(() => this.#drain(), RETRY_MS).unref();
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const entry of this.#waiting) {
      try {
        entry.attempt();
      } catch (error) {
        if (isBusy(error)) {
          this.#timer = this.#drainLater();
          return;
        }
        entry.fail(error);
      }
      this.#waiting.delete(entry);
    }
  }
}
