/** The smallest HTTP client that the tests share. */

/** An answer's status, headers and JSON body. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

export type Call = {
  readonly method?: string;
  /** Sent as it is when a string, as JSON else. */
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Sends a request: `POST` when it has a body and names no method. */
export type HttpClient = (path: string, call?: Call) => Promise<Answer>;

/** A client of the server at `url` with this key, or without any. */
export const httpClient =
  (url: string, key: string | undefined): HttpClient =>
  async (path, { method, body, headers, signal } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const answer: unknown = await response.json();
    if (!isRecord(answer)) throw new Error(`${path} answered something else than an object`);
    return { status: response.status, headers: response.headers, body: answer };
  };

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
