/** The table of bearer keys. Knows digests only; what a secret looks like is decided elsewhere. */
import type { StatementSync } from 'node:sqlite';
import { type Static, Type } from '@sinclair/typebox';
import type { NetworkPolicy } from '../network/policy.ts';
import type { Database } from './database.ts';
import { decodePolicy, encodePolicy } from './network-policy.ts';
import { checkRow } from './row.ts';

export type KeyLimits = {
  /** `null`: no limit. */
  readonly requestsPerMinute: number | null;
  /** Runners at once; `null`: no limit. */
  readonly concurrentRunners: number | null;
  /** Host CPU seconds of its runners in a day of UTC; `null`: no limit. */
  readonly cpuSecondsPerDay: number | null;
  /** May make runners that outlive a request. */
  readonly persistentRunners: boolean;
};

export type NewKey = {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
  readonly limits: KeyLimits;
  /** What its runners may reach. */
  readonly network: NetworkPolicy;
  /** Times are milliseconds since 1970. */
  readonly createdAt: number;
};

export type KeyRecord = NewKey & { readonly lastUsedAt: number | null; readonly revokedAt: number | null };

const Limit = Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]);
const Time = Type.Integer();

const KeyRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  digest: Type.Uint8Array({ minByteLength: 32, maxByteLength: 32 }),
  requests_per_minute: Limit,
  concurrent_runners: Limit,
  cpu_seconds_per_day: Limit,
  persistent_runners: Type.Integer({ minimum: 0, maximum: 1 }),
  created_at: Time,
  last_used_at: Type.Union([Time, Type.Null()]),
  revoked_at: Type.Union([Time, Type.Null()]),
  network: Type.String(),
});

export class KeyTable {
  readonly #insert: StatementSync;
  readonly #byDigest: StatementSync;
  readonly #all: StatementSync;
  readonly #revoke: StatementSync;
  readonly #touch: StatementSync;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO keys (id, name, digest, requests_per_minute, concurrent_runners, cpu_seconds_per_day,
        persistent_runners, created_at, network) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byDigest = database.prepare('SELECT * FROM keys WHERE digest = ?');
    this.#all = database.prepare('SELECT * FROM keys ORDER BY created_at, id');
    this.#revoke = database.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL');
    this.#touch = database.prepare(
      'UPDATE keys SET last_used_at = max(?, ifnull(last_used_at, 0)) WHERE id = ?',
    );
  }

  /** @throws When the id or digest is there already, or the name of a key that is not revoked. */
  insert({ id, name, digest, limits, network, createdAt }: NewKey): void {
    const { requestsPerMinute, concurrentRunners, cpuSecondsPerDay, persistentRunners } = limits;
    this.#insert.run(
      id,
      name,
      digest,
      requestsPerMinute,
      concurrentRunners,
      cpuSecondsPerDay,
      Number(persistentRunners),
      createdAt,
      encodePolicy(network),
    );
  }

  /** The key with this digest, revoked ones too. */
  findByDigest(digest: Uint8Array): KeyRecord | undefined {
    const row = this.#byDigest.get(digest);
    return row && toRecord(checkRow('keys', KeyRow, row));
  }

  /** All keys, oldest first. */
  list(): KeyRecord[] {
    return this.#all.all().map((row) => toRecord(checkRow('keys', KeyRow, row)));
  }

  /** Whether there was such a key, not yet revoked. */
  revoke(id: string, at: number): boolean {
    return this.#revoke.run(at, id).changes === 1;
  }

  /** Notes that a key was used. */
  touch(id: string, at: number): void {
    this.#touch.run(at, id);
  }
}

function toRecord(row: Static<typeof KeyRow>): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    digest: row.digest,
    limits: {
      requestsPerMinute: row.requests_per_minute,
      concurrentRunners: row.concurrent_runners,
      cpuSecondsPerDay: row.cpu_seconds_per_day,
      persistentRunners: row.persistent_runners === 1,
    },
    network: decodePolicy('keys', row.network),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
