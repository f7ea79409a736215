import { type App, createApp } from '../../src/app.ts';
import type { LimitsConfig } from '../../src/config.ts';
import type { RunnerPool } from '../../src/runner/pool.ts';
import { FakeTemplate } from './fake-template.ts';

export const KEY = 'unit-test-key-0123456789';
export const LIMITS: LimitsConfig = {
  defaultSeconds: 60,
  maxSeconds: 300,
  bodyBytes: 64 * 1024,
  outputBytes: 1024,
  defaultWaitSeconds: 0,
  maxWaitSeconds: 60,
  idleSeconds: 900,
  maxAgeSeconds: 86_400,
  runsPerRunner: 8,
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/** The API on a port of its own, over a pool whose guests come from the test: none unless it makes one. */
export class TestApi implements AsyncDisposable {
  readonly template: FakeTemplate;
  /** Faults of the server: a test that causes none expects none. */
  readonly faults: unknown[] = [];
  readonly pool: RunnerPool;
  readonly port: number;
  readonly #app: App;

  constructor() {
    this.template = new FakeTemplate();
    this.pool = this.template.pool({ target: 1, maxGuests: 2, refillWorkers: 1 });
    this.#app = createApp({
      pool: this.pool,
      limits: LIMITS,
      key: KEY,
      onFault: (error) => this.faults.push(error),
    });
    this.#app.listen({ hostname: '127.0.0.1', port: 0, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
    const port = this.#app.server?.port;
    if (port === undefined) throw new Error('the test server has no port');
    this.port = port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** A request with the key, unless `headers` say otherwise. */
  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${KEY}`);
    const response = await fetch(this.url(path), { ...init, headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  run(
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    query = '',
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.request(`/api/v1/runner/run${query}`, { method: 'POST', body, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.stop(true);
    while (this.template.waiting > 0) await this.template.fail();
    await this.pool[Symbol.asyncDispose]();
  }
}
