// Generated from src/client.ts and the types of the routes. Do not edit; regenerate: npm run client
/**
 * From a server's routes to a caller's functions. The same as Eden's types, which need those of the whole server
 * framework, in a form that stands alone and reads well in an editor.
 */
/**
 * The functions of these routes: `GET /a/:b/c` is `api.a({ b }).c.get()`.
 * @template Routes Nested by the parts of the path; `:name` for a parameter, the method at the end.
 */
export type Api<Routes> = {
    readonly [Part in keyof Routes as Part extends Parameter ? never : Part]: Routes[Part] extends Route ? Call<Part, Routes[Part]> : Api<Routes[Part]>;
} & Parameters<Routes>;
/**
 * An answer. One of `data` and `error` is `null`; testing `error` tells which, and a `switch` over `error.status`
 * gives the exact body of each status.
 * @template Bodies The body of each status.
 */
export type Answer<Bodies extends Record<number, unknown>> = {
    readonly data: Bodies[Extract<keyof Bodies, Success>];
    readonly error: null;
    /** Its `headers` hold the figures about the request: `Server-Timing`, `RateLimit-Remaining`, … */
    readonly response: Response;
    readonly status: number;
} | {
    readonly data: null;
    readonly error: Failure<Bodies>;
    /** Its `headers` hold `Retry-After` where waiting helps. */
    readonly response: Response;
    readonly status: number;
};
/** What an answer's `error` is: each status with its body as `value`. */
export type Failure<Bodies extends Record<number, unknown>> = [Exclude<keyof Bodies, Success>] extends [never] ? {
    readonly status: unknown;
    readonly value: unknown;
} : {
    [Status in keyof Bodies]: {
        readonly status: Status;
        readonly value: Bodies[Status];
    };
}[Exclude<keyof Bodies, Success>];
/** Of one call, beside its body. */
export type CallOptions<Query, Headers> = Part<'query', Query> & Part<'headers', Headers> & {
    /** Options of `fetch` for this call, as `{ signal }` to give up. */
    fetch?: RequestInit;
};
/** The data of an answer, as `Data<typeof api.codeland.run.post>`. */
export type Data<Route extends (...given: never[]) => Promise<{
    data: unknown;
}>> = NonNullable<Awaited<ReturnType<Route>>['data']>;
type Success = 200 | 201 | 202 | 204;
type Parameter = `:${string}`;
type Route = {
    readonly body: unknown;
    readonly query: unknown;
    readonly headers: unknown;
    readonly response: Record<number, unknown>;
};
/** A part of a request: optional when all of it is, and not there when the route says nothing of it. */
type Part<Name extends string, Value> = unknown extends Value ? {
    [N in Name]?: Record<string, string>;
} : object extends Value ? {
    [N in Name]?: Value;
} : {
    [N in Name]: Value;
};
type Call<Method, R extends Route> = Method extends 'get' | 'head' ? (options?: CallOptions<R['query'], R['headers']>) => Promise<Answer<R['response']>> : unknown extends R['body'] ? (body?: null, options?: CallOptions<R['query'], R['headers']>) => Promise<Answer<R['response']>> : object extends R['body'] ? (body?: R['body'], options?: CallOptions<R['query'], R['headers']>) => Promise<Answer<R['response']>> : (body: R['body'], options?: CallOptions<R['query'], R['headers']>) => Promise<Answer<R['response']>>;
type Parameters<Routes> = [Extract<keyof Routes, Parameter>] extends [never] ? unknown : {
    [Part in Extract<keyof Routes, Parameter>]: (value: Record<Part extends `:${infer Name}` ? Name : never, string>) => Api<Routes[Part]>;
}[Extract<keyof Routes, Parameter>];
export {};
