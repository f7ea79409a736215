/** The gate that every request passes: who it is from, and whether that one may go on. */
import { timingSafeEqual } from 'node:crypto';
import { NO_NETWORK } from '../network/policy.ts';
import { CodeLandError, TooManyRequestsError } from '../runner/errors.ts';
import type { Database } from '../store/database.ts';
import { KeyTable } from '../store/keys.ts';
import { bearerOf } from './bearer.ts';
import { digestOf } from './key.ts';
import { Ledger, secondsToMidnight } from './ledger.ts';
import { NO_LIMITS, type Principal } from './principal.ts';
import { RateLimiter, type RateState } from './rate.ts';

export type Access = Disposable & {
  /**
   * Who a request is from.
   * @param authorization The header of this name, or null.
   * @throws {CodeLandError} `unauthorized` when there is no key in it, or one that is not known or revoked.
   */
  authenticate(authorization: string | null): Principal;
  /**
   * Counts a request.
   * @returns What to say in the `RateLimit-*` headers, or null for a key without such a limit.
   * @throws {RateLimitError} When the key has no request left in this minute.
   */
  admit(principal: Principal): RateState | null;
  /** @throws {TooManyRequestsError} When the key's CPU seconds of today are used up. */
  requireCpu(principal: Principal): void;
  /**
   * Adds CPU time to what a key has used today. Written within seconds, and when disposed of.
   * @param ownerId A principal's id.
   */
  charge(ownerId: string, cpuMs: number): void;
};

const LOCAL: Principal = { id: 'local', name: 'local', limits: NO_LIMITS, network: NO_NETWORK };

/** The access of a server without keys: everybody who reaches it is `local`, without limits or a network. */
export const openAccess: Access = {
  authenticate: () => LOCAL,
  admit: () => null,
  requireCpu: () => {},
  charge: () => {},
  [Symbol.dispose]: () => {},
};

/** No generated id is like it. */
const ENVIRONMENT: Principal = {
  id: 'environment',
  name: 'environment',
  limits: NO_LIMITS,
  network: NO_NETWORK,
};

export type KeyAccessOptions = {
  readonly database: Database;
  /** The operator's own key, without limits or a network: valid for as long as this server runs with it. */
  readonly environmentKey: string | undefined;
  /** Told when counts cannot be written. */
  readonly onFault: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** Access by the keys of the database. What another process changes there counts from the next request on. */
export class KeyAccess implements Access {
  readonly #keys: KeyTable;
  readonly #environment: Buffer | undefined;
  readonly #ledger: Ledger;
  readonly #rates = new RateLimiter();
  readonly #now: () => number;

  constructor({ database, environmentKey, onFault, now = Date.now }: KeyAccessOptions) {
    this.#keys = new KeyTable(database);
    this.#environment = environmentKey === undefined ? undefined : digestOf(environmentKey);
    this.#ledger = new Ledger(database, onFault, now);
    this.#now = now;
  }

  /**
   * Digests are compared, in constant time, so that neither a key's bytes nor its length can be guessed from the
   * time an answer takes.
   */
  authenticate(authorization: string | null): Principal {
    const secret = bearerOf(authorization);
    if (secret === undefined) throw unauthorized('send the header "Authorization: Bearer <key>"');
    const digest = digestOf(secret);
    if (this.#environment && timingSafeEqual(digest, this.#environment)) return ENVIRONMENT;
    const key = this.#keys.findByDigest(digest);
    if (!key || !timingSafeEqual(digest, key.digest)) throw unauthorized('the key is not known');
    if (key.revokedAt !== null) throw unauthorized('the key has been revoked');
    this.#ledger.touch(key.id);
    return { id: key.id, name: key.name, limits: key.limits, network: key.network };
  }

  admit({ id, limits: { requestsPerMinute } }: Principal): RateState | null {
    return requestsPerMinute === null ? null : this.#rates.admit(id, requestsPerMinute);
  }

  requireCpu({ id, limits: { cpuSecondsPerDay } }: Principal): void {
    if (cpuSecondsPerDay === null || this.#ledger.cpuMsToday(id) < cpuSecondsPerDay * 1000) return;
    throw new TooManyRequestsError(
      `this key's ${cpuSecondsPerDay} CPU seconds of today are used up; the day ends at 00:00 UTC`,
      secondsToMidnight(this.#now()),
    );
  }

  charge(ownerId: string, cpuMs: number): void {
    this.#ledger.charge(ownerId, cpuMs);
  }

  [Symbol.dispose](): void {
    this.#ledger[Symbol.dispose]();
  }
}

const unauthorized = (message: string) => new CodeLandError('unauthorized', message);
