/** Lets a request pass that carries a key with requests left, before anything else of it is read. */
import { Elysia } from 'elysia';
import type { Access } from '../access/access.ts';
import { RateLimitError, type RateState } from '../access/rate.ts';
import { exchangeOf } from './exchange.ts';
import { targetOf } from './target.ts';

/**
 * Paths that need no key: health, the API's description with what its page loads, and the metrics, which guard
 * themselves. All others do, whether a route answers there or not.
 */
const OPEN_PATHS = /^\/(?:healthz|readyz|metrics|openapi(?:\/[a-z0-9][a-z0-9.-]*)?)$/;

export const auth = (access: Access) =>
  new Elysia({ name: 'auth' }).onRequest(({ request, set }) => {
    if (OPEN_PATHS.test(targetOf(request.url).path)) return;
    const exchange = exchangeOf(request);
    const principal = access.authenticate(request.headers.get('authorization'));
    exchange.principal = principal;
    try {
      Object.assign(set.headers, rateHeaders(access.admit(principal)));
    } catch (error) {
      if (error instanceof RateLimitError) Object.assign(set.headers, rateHeaders(error.rate));
      throw error;
    }
    exchange.watch.lap('auth');
  });

const rateHeaders = (rate: RateState | null): Record<string, string> =>
  rate === null
    ? {}
    : {
        'ratelimit-limit': String(rate.limit),
        'ratelimit-remaining': String(rate.remaining),
        'ratelimit-reset': String(rate.resetSeconds),
      };
