/** CPU time by key and day, and when each key was last used: counted in memory, written every few seconds. */
import type { Database } from '../store/database.ts';
import { KeyTable } from '../store/keys.ts';
import { UsageTable } from '../store/usage.ts';

/** What a killed server loses of its counts at most, ms. */
const WRITE_AFTER_MS = 2_000;
const DAY_MS = 86_400_000;

/** The day of UTC, as `2026-03-01`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Whole seconds until the next day of UTC begins. */
export const secondsToMidnight = (time: number): number => Math.ceil((DAY_MS - (time % DAY_MS)) / 1000);

export class Ledger implements Disposable {
  readonly #database: Database;
  readonly #usage: UsageTable;
  readonly #keys: KeyTable;
  readonly #onFault: (error: unknown) => void;
  readonly #now: () => number;
  /** Day → owner → CPU milliseconds that are not yet written. */
  readonly #charged = new Map<string, Map<string, number>>();
  /** Key → when it was used last, if that is not yet written. */
  readonly #used = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onFault Told when counts cannot be written; they are kept and tried again.
   * @param now Milliseconds since 1970.
   */
  constructor(database: Database, onFault: (error: unknown) => void, now: () => number) {
    this.#database = database;
    this.#usage = new UsageTable(database);
    this.#keys = new KeyTable(database);
    this.#onFault = onFault;
    this.#now = now;
  }

  charge(owner: string, cpuMs: number): void {
    if (!(cpuMs > 0)) return;
    const day = dayOf(this.#now());
    const charged = this.#charged.get(day) ?? new Map<string, number>();
    this.#charged.set(day, charged);
    charged.set(owner, (charged.get(owner) ?? 0) + cpuMs);
    this.#writeSoon();
  }

  /** CPU milliseconds of today. */
  cpuMsToday(owner: string): number {
    const day = dayOf(this.#now());
    return this.#usage.read(owner, day) + (this.#charged.get(day)?.get(owner) ?? 0);
  }

  /** Notes that a key is used now. */
  touch(key: string): void {
    this.#used.set(key, this.#now());
    this.#writeSoon();
  }

  /** Writes the last counts. */
  [Symbol.dispose](): void {
    this.#write();
    clearTimeout(this.#timer);
  }

  #writeSoon(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.#write(), WRITE_AFTER_MS);
    this.#timer.unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#database.transaction(() => {
        for (const [day, charged] of this.#charged) {
          for (const [owner, cpuMs] of charged) this.#usage.add(owner, day, cpuMs);
        }
        this.#usage.forgetBefore(dayOf(this.#now()));
        for (const [key, at] of this.#used) this.#keys.touch(key, at);
      });
      this.#charged.clear();
      this.#used.clear();
    } catch (error) {
      this.#onFault(error);
      this.#writeSoon();
    }
  }
}
