/** Requests per minute of each key. */
import { TooManyRequestsError } from '../runner/errors.ts';

/** What the `RateLimit-*` headers of an answer say. */
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
