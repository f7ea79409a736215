// Generated from src/client.ts and the types of the routes. Do not edit; regenerate: npm run client
import type { Api } from './api.js';
import type { Routes } from './routes.js';
export type { Answer, CallOptions, Data, Failure } from './api.js';
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
export declare function createClient(url: string, options?: ClientOptions): Client;
