/** The table of CPU time by owner and day. */
import type { StatementSync } from 'node:sqlite';
import { Type } from '@sinclair/typebox';
import type { Database } from './database.ts';
import { checkRow } from './row.ts';

const UsageRow = Type.Object({ owner: Type.String(), cpu_ms: Type.Number({ minimum: 0 }) });

/** Days are those of UTC, as `2026-03-01`. */
export class UsageTable {
  readonly #add: StatementSync;
  readonly #read: StatementSync;
  readonly #readAll: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: Database) {
    this.#add = database.prepare(
      `INSERT INTO usage (owner, day, cpu_ms) VALUES (?, ?, ?)
        ON CONFLICT (day, owner) DO UPDATE SET cpu_ms = cpu_ms + excluded.cpu_ms`,
    );
    this.#read = database.prepare('SELECT owner, cpu_ms FROM usage WHERE day = ? AND owner = ?');
    this.#readAll = database.prepare('SELECT owner, cpu_ms FROM usage WHERE day = ?');
    this.#forget = database.prepare('DELETE FROM usage WHERE day < ?');
  }

  add(owner: string, day: string, cpuMs: number): void {
    this.#add.run(owner, day, cpuMs);
  }

  /** CPU milliseconds of one owner. */
  read(owner: string, day: string): number {
    const row = this.#read.get(day, owner);
    return row ? checkRow('usage', UsageRow, row).cpu_ms : 0;
  }

  /** Owner → CPU milliseconds; nobody who used none. */
  readAll(day: string): Map<string, number> {
    const rows = this.#readAll.all(day).map((row) => checkRow('usage', UsageRow, row));
    return new Map(rows.map(({ owner, cpu_ms }) => [owner, cpu_ms]));
  }

  /** Removes the days before this one. */
  forgetBefore(day: string): void {
    this.#forget.run(day);
  }
}
