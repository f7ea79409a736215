// Generated from src/client.ts and the types of the routes. Do not edit; regenerate: npm run client
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
/**
 * A client of the server at this address.
 * @param url Where the server listens, as `http://127.0.0.1:8420`; may end in a path that a proxy serves it at.
 */
export function createClient(url, options = {}) {
    const { key, headers, fetcher, ...init } = options;
    return treaty(url, {
        fetch: init,
        headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
        ...(fetcher === undefined ? {} : { fetcher: toFetch(fetcher) }),
        // What a program printed stays text, also when it looks like a date.
        parseDate: false,
        throwHttpError: throwWithoutAnswer,
    });
}
/** Eden wants all of a `fetch`; it only calls it. */
const toFetch = (fetcher) => Object.assign((url, init = {}) => fetcher(url instanceof Request ? url.url : url.toString(), init), { preconnect: fetch.preconnect });
/** Eden shows a request that got no answer as one answered with 503 and the error for a body. */
function throwWithoutAnswer({ value }) {
    if (value instanceof Error)
        throw value;
    return false;
}
