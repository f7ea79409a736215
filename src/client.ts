/**
 * The typed client of the API, for use from another package:
 *
 * ```ts
 * import { createClient } from 'codeland/client';
 *
 * const { api } = createClient('http://127.0.0.1:8420', { key: process.env.CODELAND_KEY });
 * const { data, error } = await api.v1.runner.run.post({ code: 'print(6 * 7)', language: 'python' });
 * if (error === null) console.log(data.stdout, data.receipt.execMs);
 * else if (error.status === 498) console.log(error.value.stdout, 'and then it took too long');
 * else console.error(error.value.name, error.value.message);
 * ```
 *
 * Whatever the server answers is a value: `error.status` narrows `error.value` to the body of that status. Only
 * when there is no answer (nothing listens, the call was aborted, the connection broke) a call rejects, with
 * what `fetch` rejected with.
 */
import { treaty } from '@elysia/eden';
import type { App } from './app.ts';
import type { Api } from './client/api.ts';
import type { Routes } from './client/routes.ts';

export type { Answer, CallOptions, Data, Failure } from './client/api.ts';

/** Both bases of the API: `api.v1.runner` and `codeland`. */
export type Client = Api<Routes>;

/** Options of `fetch` for every request, and two more. */
export type ClientOptions = Omit<RequestInit, 'headers' | 'method' | 'body'> & {
  /** Bearer key; left out for a server that runs without keys. */
  readonly key?: string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the requests in place of the global `fetch`: through a proxy, with retries, or straight to an app. */
  readonly fetcher?: (url: string, init: RequestInit) => Promise<Response>;
};

/**
 * A client of the server at this address.
 * @param url Where the server listens, as `http://127.0.0.1:8420`; may end in a path that a proxy serves it at.
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const { key, headers, fetcher, ...init } = options;
  return treaty<App>(url, {
    fetch: init,
    headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    ...(fetcher === undefined ? {} : { fetcher: toFetch(fetcher) }),
    // What a program printed stays text, also when it looks like a date.
    parseDate: false,
    throwHttpError: throwWithoutAnswer,
  });
}

/** Eden wants all of a `fetch`; it only calls it. */
const toFetch = (fetcher: NonNullable<ClientOptions['fetcher']>): typeof fetch =>
  Object.assign(
    (url: string | URL | Request, init: RequestInit = {}) =>
      fetcher(url instanceof Request ? url.url : url.toString(), init),
    { preconnect: fetch.preconnect },
  );

/** Eden shows a request that got no answer as one answered with 503 and the error for a body. */
function throwWithoutAnswer({ value }: { readonly value: unknown }): false {
  if (value instanceof Error) throw value;
  return false;
}
