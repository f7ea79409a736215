/** Requests per minute of each key, in windows that begin with a key's first request. */
import { TooManyRequestsError } from '../runner/errors.ts';

/**
 * What the fields `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of an answer say, as in the IETF
 * draft "RateLimit header fields for HTTP".
 */
export type RateState = {
  /** Requests in a window of one minute. */
  readonly limit: number;
  /** Requests left in the present window. */
  readonly remaining: number;
  /** Whole seconds until the window ends and `remaining` is `limit` again. */
  readonly resetSeconds: number;
};

/** More requests than the key's limit. Carries the state for the headers of the refusal. */
export class RateLimitError extends TooManyRequestsError {
  readonly rate: RateState;

  constructor(rate: RateState) {
    const { limit, resetSeconds } = rate;
    super(`this key may send ${limit} requests in a minute; wait ${resetSeconds} s`, resetSeconds);
    this.rate = rate;
  }
}

const WINDOW_MS = 60_000;

type Window = { readonly endsAt: number; used: number };

/** Holds a window only for keys with a request in the last minute. */
export class RateLimiter {
  /** The one that ends first comes first: all are equally long. */
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  /** @param now Milliseconds on a clock that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a request. @throws {RateLimitError} When there is none left; such a request is not counted. */
  admit(id: string, limit: number): RateState {
    const now = this.#now();
    const window = this.#window(id, now);
    const resetSeconds = Math.ceil((window.endsAt - now) / 1000);
    if (window.used >= limit) throw new RateLimitError({ limit, remaining: 0, resetSeconds });
    window.used += 1;
    return { limit, remaining: limit - window.used, resetSeconds };
  }

  #window(id: string, now: number): Window {
    for (const [other, { endsAt }] of this.#windows) {
      if (endsAt > now) break;
      this.#windows.delete(other);
    }
    const present = this.#windows.get(id);
    if (present) return present;
    const window = { endsAt: now + WINDOW_MS, used: 0 };
    this.#windows.set(id, window);
    return window;
  }
}
