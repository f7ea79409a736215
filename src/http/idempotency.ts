/** `Idempotency-Key`: what runs under one key runs at most once, and is answered the same again. */
import { createHmac } from 'node:crypto';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { follow } from '../lib/deadline.ts';
import type { OutcomeKey } from '../store/outcomes.ts';
import { KeptOutcomes, type KeptOutcomesOptions, NOT_UNDERSTOOD } from './kept-outcomes.ts';
import { errorOf, type FailedOutcome, type Outcome, outcomeOf } from './outcome.ts';
import { invalidRequest, shorten } from './problems.ts';

export type Call = {
  /** Id of the principal; the same key of two owners is two keys. */
  readonly owner: string;
  /** The header `Idempotency-Key`, if any. */
  readonly key: string | undefined;
  /**
   * Of {@link fingerprintOf}: tells the same request from another one under the same key, and reads the kept answer.
   * Unused without a key.
   */
  readonly fingerprint: string;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
};

/** HMAC-SHA256 of method, path, query and body as they came, with the sender's secret as its key. */
export function fingerprintOf(request: {
  /** The bearer key; empty where none is needed. Whoever has it not can find no request for a fingerprint. */
  readonly secret: string;
  readonly method: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly body: Uint8Array | string;
}): string {
  // The first three hold no line break.
  const { secret, method, path, query, body } = request;
  return createHmac('sha256', secret).update(`${method}\n${path}\n${query}\n`).update(body).digest('hex');
}

const replays = new WeakSet<Error>();

/** Whether an error is a kept one thrown again, so that the answer carries `Idempotent-Replayed`. */
export const isReplay = (error: unknown): boolean => error instanceof Error && replays.has(error);

type UnderWay = { readonly fingerprint: string; readonly ended: Promise<unknown> };

/** Only one may use a database at a time: it settles what another one has left under way. */
export class Idempotency implements AsyncDisposable {
  readonly #kept: KeptOutcomes;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(options: KeptOutcomesOptions) {
    this.#kept = new KeptOutcomes(options);
  }

  /**
   * Executes once for each key. A twin of a request under way waits for it and gets its answer or its failure.
   * @param form What a kept answer must look like to be given again.
   * @param execute Gets the signal that ends it: the client's without a key. With one the execution goes on to
   *   its end when the client leaves, for whoever asks again.
   * @returns The answer, and whether it is that of an earlier request.
   * @throws {CodeLandError} `invalidRequest` for a malformed key, or one that came with another request before;
   *   `tooManyRequests` when the owner has too many keys.
   * @throws {StoreBusyError} When another process holds the database for too long; nothing was executed.
   * @throws What the execution throws, now or then.
   * @throws The signal's reason when the client leaves.
   */
  async once<Form extends TSchema>(
    call: Call,
    form: Form,
    execute: (signal: AbortSignal) => Promise<Static<Form>>,
  ): Promise<{ value: Static<Form>; replayed: boolean }> {
    const { owner, key, fingerprint, signal } = call;
    if (key === undefined) return { value: await execute(signal), replayed: false };
    requireWellFormed(key);
    const twin = this.#underWay.get(entryName({ owner, key }));
    if (twin) {
      if (fingerprint !== twin.fingerprint) throw anotherRequest();
      const value = await follow(twin.ended.catch(throwAgain), signal);
      return { value: fit(form, value), replayed: true };
    }
    const kept = this.#kept.find({ owner, key }, fingerprint);
    if (kept === 'another request') throw anotherRequest();
    if (kept) return { value: fit(form, answerIn(kept)), replayed: true };
    const value = await follow(this.#start({ owner, key }, fingerprint, execute), signal);
    return { value, replayed: false };
  }

  /** Waits for the executions under way. Nothing may be begun from then on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#underWay.values()].map(({ ended }) => ended));
    this.#kept[Symbol.dispose]();
  }

  #start<T>(key: OutcomeKey, fingerprint: string, execute: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { promise: ended, resolve, reject } = Promise.withResolvers<T>();
    this.#underWay.set(entryName(key), { fingerprint, ended });
    this.#carryOut(key, fingerprint, execute).then(resolve, reject);
    return ended;
  }

  async #carryOut<T>(
    key: OutcomeKey,
    fingerprint: string,
    execute: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const settled = () => this.#underWay.delete(entryName(key));
    try {
      const begun = this.#kept.begin(key, fingerprint);
      // The execution begins in this turn, if it may.
      if (begun) await begun;
    } catch (error) {
      settled();
      throw error;
    }
    // Until it is written, twins find it here.
    const end = (outcome: Outcome | undefined) =>
      void this.#kept.end(key, fingerprint, outcome).then(settled);
    try {
      const value = await execute(new AbortController().signal);
      end({ kind: 'value', value });
      return value;
    } catch (error) {
      end(outcomeOf(error));
      throw error;
    }
  }
}

/** Neither part holds a line break. */
const entryName = ({ owner, key }: OutcomeKey) => `${owner}\n${key}`;

const FIELD = 'header.idempotency-key';

function requireWellFormed(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return;
  throw invalidRequest([
    { field: FIELD, expected: '1 to 255 visible ASCII characters', received: shorten(key) },
  ]);
}

const anotherRequest = () =>
  invalidRequest([
    { field: FIELD, expected: 'a new key for a new request', received: 'the key of a different request' },
  ]);

function answerIn(outcome: Outcome): unknown {
  if (outcome.kind === 'value') return outcome.value;
  throw replayOf(outcome);
}

function fit<Form extends TSchema>(form: Form, value: unknown): Static<Form> {
  if (Value.Check(form, value)) return value;
  throw replayOf(NOT_UNDERSTOOD);
}

/** The failure of a twin. What is not final is passed on as it is. */
function throwAgain(error: unknown): never {
  const outcome = outcomeOf(error);
  throw outcome === undefined ? error : replayOf(outcome);
}

function replayOf(outcome: FailedOutcome): Error {
  const error = errorOf(outcome);
  replays.add(error);
  return error;
}
