/** What is known of a request besides what it says: gathered on its way, read by headers, log and metrics. */
import { Elysia } from 'elysia';
import type { Principal } from '../access/principal.ts';
import type { FailureName } from '../runner/errors.ts';
import { type RunReceipt, Stopwatch } from '../runner/receipt.ts';

export type Exchange = {
  /** The answer's `X-Request-Id`. */
  readonly id: string;
  /** Began with it. */
  readonly watch: Stopwatch;
  /** Who it is from; undefined on paths that need no key. */
  principal: Principal | undefined;
  /** Undefined until its body was read, if it has one. */
  body: BodyFacts | undefined;
  /** Name of the runner that it is about, where there is one. */
  runner: string | undefined;
  /** Of the run that it caused; undefined where none ended, or where a stored answer was given again. */
  receipt: RunReceipt | undefined;
  /** Undefined unless it failed. */
  failure: FailureName | undefined;
};

export type BodyFacts = {
  readonly bytes: number;
  /** Of the request, for its `Idempotency-Key`; empty without such a key. */
  readonly fingerprint: string;
};

const exchanges = new WeakMap<Request, Exchange>();

/** @throws {Error} For a request that did not come through {@link exchange}. */
export function exchangeOf(request: Request): Exchange {
  const found = exchanges.get(request);
  if (!found) throw new Error('the request has no exchange');
  return found;
}

/** @throws {Error} For a request on a path that needs no key. */
export function principalOf(request: Request): Principal {
  const { principal } = exchangeOf(request);
  if (!principal) throw new Error('the request has no principal');
  return principal;
}

/** Ids that a client may choose itself. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request its exchange and each answer its `X-Request-Id`. The first plugin of an app. */
export const exchange = new Elysia({ name: 'exchange' }).onRequest(({ request, set }) => {
  const given = request.headers.get('x-request-id') ?? '';
  const id = REQUEST_ID.test(given) ? given : crypto.randomUUID();
  set.headers['x-request-id'] = id;
  exchanges.set(request, {
    id,
    watch: new Stopwatch(),
    principal: undefined,
    body: undefined,
    runner: undefined,
    receipt: undefined,
    failure: undefined,
  });
});
