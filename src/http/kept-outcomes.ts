/** The answers that are kept under idempotency keys, within bounds. */
import { setImmediate } from 'node:timers/promises';
import { TooManyRequestsError } from '../runner/errors.ts';
import type { Database } from '../store/database.ts';
import { type OutcomeKey, OutcomeTable } from '../store/outcomes.ts';
import {
  decodeOutcome,
  encodeOutcome,
  executionFailed,
  type FailedOutcome,
  type Outcome,
} from './outcome.ts';
import { markOf, seal, unseal } from './sealed.ts';

/** What one owner may make the server keep. */
type Bounds = {
  /** Keys. A request with one more is refused: to forget one early would let it run twice. */
  readonly rows: number;
  /** Answers together. Over it the oldest are dropped; their keys stay, so nothing runs twice. */
  readonly bytes: number;
  /** One answer. A larger one is given once and not kept. */
  readonly answerBytes: number;
};

export type KeptOutcomesOptions = {
  readonly database: Database;
  /** How long an answer is kept from its end on. */
  readonly hours: number;
  /** Told of each answer that could not be kept. */
  readonly onFault: (error: unknown) => void;
  readonly bounds?: Bounds;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

const BOUNDS: Bounds = { rows: 100_000, bytes: 128 * 2 ** 20, answerBytes: 16 * 2 ** 20 };

const HOUR_MS = 3_600_000;
/** How long a request waits for another process that holds the database, ms. */
const BEGIN_WAIT_MS = 2_000;
const SWEEP_MS = 60_000;
/** Expired keys removed in one go, between which requests are served. */
const SWEEP_ROWS = 200;

const notRunAgain = (why: string) => executionFailed(`${why}; it is not run again`);
const SERVER_ENDED = encodeOutcome(
  notRunAgain(
    'the server ended while this request was under way; a run on a runner that stays goes on: GET its runs',
  ),
);
/** As earlier versions said it. */
const SERVER_ENDED_BEFORE = encodeOutcome(notRunAgain('the server ended while this request was under way'));
const TOO_LARGE = encodeOutcome(
  notRunAgain('this request ended before, but its answer was too large to keep'),
);
const DROPPED = encodeOutcome(
  notRunAgain('this request ended before, but its answer made room for newer ones'),
);
/** What is kept as it is: of those that come later, no fingerprint is known when it is written. */
const UNSEALED: ReadonlySet<string> = new Set([SERVER_ENDED, SERVER_ENDED_BEFORE, TOO_LARGE, DROPPED]);
/** A digest of the request alone, by which earlier versions kept answers that everybody could read. */
const OLD_MARK = /^[0-9a-f]{64}$/;
const NOT_KEPT = notRunAgain('this request ended before, but its answer could not be kept');
export const NOT_UNDERSTOOD: FailedOutcome = notRunAgain(
  'this request ended under another version, whose answer is not understood',
);

export class KeptOutcomes implements Disposable {
  readonly #database: Database;
  readonly #table: OutcomeTable;
  readonly #keptMs: number;
  readonly #onFault: (error: unknown) => void;
  readonly #bounds: Bounds;
  readonly #now: () => number;
  readonly #sweeper: NodeJS.Timeout;

  /** Settles what a server that has ended left under way. */
  constructor({ database, hours, onFault, bounds = BOUNDS, now = Date.now }: KeptOutcomesOptions) {
    this.#database = database;
    this.#table = new OutcomeTable(database);
    this.#keptMs = hours * HOUR_MS;
    this.#onFault = onFault;
    this.#bounds = bounds;
    this.#now = now;
    this.#table.settleAll(SERVER_ENDED, now() + this.#keptMs);
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  /** What came of the request under a key that is not under way, or that it was another request. */
  find(key: OutcomeKey, fingerprint: string): Outcome | 'another request' | undefined {
    const row = this.#table.find(key, this.#now());
    if (!row) return undefined;
    if (OLD_MARK.test(row.fingerprint)) return NOT_UNDERSTOOD;
    if (row.fingerprint !== markOf(fingerprint)) return 'another request';
    // Ended and yet without an outcome: it could not be written.
    if (row.outcome === null) return NOT_KEPT;
    const text = UNSEALED.has(row.outcome) ? row.outcome : unseal(row.outcome, fingerprint);
    return (text === undefined ? undefined : decodeOutcome(text)) ?? NOT_UNDERSTOOD;
  }

  /**
   * Notes that a request is under way, so that it is not run again whatever becomes of this process.
   * @throws {TooManyRequestsError} When the owner has too many keys.
   * @returns A promise when it has to wait for another process.
   * @throws {StoreBusyError} When another process holds the database for too long.
   */
  begin(key: OutcomeKey, fingerprint: string): void | Promise<void> {
    const now = this.#now();
    if (!this.#hasRoom(key.owner, now)) {
      const firstExpiry = this.#table.firstExpiry(key.owner) ?? now + this.#keptMs;
      throw new TooManyRequestsError(
        `the answers under ${this.#bounds.rows} idempotency keys are kept, which is the most; wait, or send none`,
        Math.max(1, Math.ceil((firstExpiry - now) / 1000)),
      );
    }
    return this.#database.write(() => this.#table.begin(key, markOf(fingerprint), now), BEGIN_WAIT_MS);
  }

  #hasRoom(owner: string, now: number): boolean {
    if (this.#table.totals(owner).rows < this.#bounds.rows) return true;
    return this.#table.sweep(now, SWEEP_ROWS, owner) > 0;
  }

  /** Keeps what came of a request, or forgets it. Never rejects: the answer goes out whether it can be kept or not. */
  async end(key: OutcomeKey, fingerprint: string, outcome: Outcome | undefined): Promise<void> {
    try {
      await this.#database.write(() => {
        if (outcome === undefined) this.#table.forget(key);
        else this.#keep(key, fingerprint, encodeOutcome(outcome));
      });
    } catch (error) {
      this.#onFault(error);
    }
  }

  #keep(key: OutcomeKey, fingerprint: string, text: string): void {
    const expiresAt = this.#now() + this.#keptMs;
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#bounds.answerBytes) {
      this.#table.finish(key, TOO_LARGE, 0, expiresAt);
      return;
    }
    const sealed = seal(text, fingerprint);
    this.#database.transaction(() => {
      this.#table.finish(key, sealed, bytes, expiresAt);
      this.#table.shrink(key.owner, this.#bounds.bytes, DROPPED);
    });
  }

  async #sweep(): Promise<void> {
    try {
      while (this.#table.sweep(this.#now(), SWEEP_ROWS) === SWEEP_ROWS) await setImmediate();
    } catch (error) {
      this.#onFault(error);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeper);
  }
}
