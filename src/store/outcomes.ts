/** The table of what came of requests with an `Idempotency-Key`. An outcome is text that only its writer reads. */
import type { StatementSync } from 'node:sqlite';
import { Type } from '@sinclair/typebox';
import type { Database } from './database.ts';
import { checkRow } from './row.ts';

/** A key of one owner. */
export type OutcomeKey = { readonly owner: string; readonly key: string };

export type OutcomeRecord = {
  readonly fingerprint: string;
  /** `null` while the request is under way. */
  readonly outcome: string | null;
};

const OutcomeRow = Type.Object({
  fingerprint: Type.String(),
  outcome: Type.Union([Type.String(), Type.Null()]),
});
const TotalsRow = Type.Object({ rows: Type.Integer(), bytes: Type.Integer() });
const ExpiryRow = Type.Object({ expires_at: Type.Union([Type.Integer(), Type.Null()]) });

/** Times are milliseconds since 1970. */
export class OutcomeTable {
  readonly #database: Database;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #finish: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteExpired: StatementSync;
  readonly #deleteSomeExpired: StatementSync;
  readonly #deleteOwnersExpired: StatementSync;
  readonly #settle: StatementSync;
  readonly #totals: StatementSync;
  readonly #firstExpiry: StatementSync;
  readonly #dropOldest: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepare(
      `SELECT fingerprint, outcome FROM outcomes
        WHERE owner = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)`,
    );
    this.#insert = database.prepare('INSERT INTO outcomes (owner, key, fingerprint) VALUES (?, ?, ?)');
    this.#finish = database.prepare(
      'UPDATE outcomes SET outcome = ?, bytes = ?, expires_at = ? WHERE owner = ? AND key = ?',
    );
    this.#delete = database.prepare('DELETE FROM outcomes WHERE owner = ? AND key = ?');
    this.#deleteExpired = database.prepare(
      'DELETE FROM outcomes WHERE owner = ? AND key = ? AND expires_at <= ?',
    );
    this.#deleteSomeExpired = database.prepare(
      'DELETE FROM outcomes WHERE id IN (SELECT id FROM outcomes WHERE expires_at <= ? LIMIT ?)',
    );
    this.#deleteOwnersExpired = database.prepare(
      'DELETE FROM outcomes WHERE id IN (SELECT id FROM outcomes WHERE owner = ? AND expires_at <= ? LIMIT ?)',
    );
    this.#settle = database.prepare(
      'UPDATE outcomes SET outcome = ?, expires_at = ? WHERE expires_at IS NULL',
    );
    this.#totals = database.prepare('SELECT rows, bytes FROM outcome_totals WHERE owner = ?');
    this.#firstExpiry = database.prepare(
      'SELECT min(expires_at) AS expires_at FROM outcomes WHERE owner = ?',
    );
    this.#dropOldest = database.prepare(
      `UPDATE outcomes SET outcome = ?, bytes = 0
        WHERE id = (SELECT id FROM outcomes WHERE owner = ? AND bytes > 0 ORDER BY id LIMIT 1)`,
    );
  }

  /** What is known of a key that has not expired. */
  find({ owner, key }: OutcomeKey, now: number): OutcomeRecord | undefined {
    const row = this.#find.get(owner, key, now);
    return row && checkRow('outcomes', OutcomeRow, row);
  }

  /** Notes that a request is under way. @throws When there is one under this key that has not expired. */
  begin({ owner, key }: OutcomeKey, fingerprint: string, now: number): void {
    this.#database.transaction(() => {
      this.#deleteExpired.run(owner, key, now);
      this.#insert.run(owner, key, fingerprint);
    });
  }

  /**
   * Keeps what came of a request.
   * @param bytes How much of the owner's room it takes; 0 for what is never dropped.
   */
  finish({ owner, key }: OutcomeKey, outcome: string, bytes: number, expiresAt: number): void {
    this.#finish.run(outcome, bytes, expiresAt, owner, key);
  }

  /** Forgets a key, as if it had never come. */
  forget({ owner, key }: OutcomeKey): void {
    this.#delete.run(owner, key);
  }

  /** Gives all requests under way this outcome: those of a server that has ended. */
  settleAll(outcome: string, expiresAt: number): void {
    this.#settle.run(outcome, expiresAt);
  }

  /** Removes at most `limit` expired keys, of one owner or of all. @returns How many it were. */
  sweep(now: number, limit: number, owner?: string): number {
    const { changes } =
      owner === undefined
        ? this.#deleteSomeExpired.run(now, limit)
        : this.#deleteOwnersExpired.run(owner, now, limit);
    return Number(changes);
  }

  /** Keys of one owner, and the bytes of their outcomes. */
  totals(owner: string): { rows: number; bytes: number } {
    const row = this.#totals.get(owner);
    return row ? checkRow('outcome_totals', TotalsRow, row) : { rows: 0, bytes: 0 };
  }

  /** When the first of an owner's keys expires, or null when none will. */
  firstExpiry(owner: string): number | null {
    return checkRow('outcomes', ExpiryRow, this.#firstExpiry.get(owner)).expires_at;
  }

  /** Puts `instead` in the place of an owner's oldest outcomes until the others have at most `bytes`. */
  shrink(owner: string, bytes: number, instead: string): void {
    while (this.totals(owner).bytes > bytes && this.#dropOldest.run(instead, owner).changes === 1);
  }
}
