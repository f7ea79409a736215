/** A whole service with real guests, and a small client for it. */
import { type RunningServer, serve } from '../../src/main.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { TEST_KEY, TestHome } from './test-home.ts';

/** How long a pool may take to fill on a busy machine, ms. */
const FILL_DEADLINE_MS = 60_000;

/** An answer's status, headers and JSON body. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

export class TestService implements AsyncDisposable {
  readonly home: TestHome;
  readonly server: RunningServer;
  readonly #stack: AsyncDisposableStack;

  private constructor(home: TestHome, server: RunningServer, stack: AsyncDisposableStack) {
    this.home = home;
    this.server = server;
    this.#stack = stack;
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<TestService> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TestHome.create());
    const config = home.config(environment);
    const log = stack.use(createLog({ level: config.logLevel, destination: { path: home.logFile } }));
    const server = stack.use(await serve(config, { log }));
    return new TestService(home, server, stack.move());
  }

  get pool() {
    return this.server.service.pool;
  }

  /** All runners, those in use first. */
  get runners(): { readonly name: string; readonly inUse: boolean; readonly pid: number }[] {
    const { runners } = this.server.service;
    return runners.list().map(({ name, inUse, guest }) => ({ name, inUse, pid: guest.pid }));
  }

  /** Waits until `count` guests are ready. */
  async ready(count = 1): Promise<void> {
    await this.pool.whenReady(count, AbortSignal.timeout(FILL_DEADLINE_MS));
  }

  /** Runs code once a guest is ready for it. */
  async run(body: object, query = '', signal?: AbortSignal): Promise<Answer> {
    await this.ready();
    return this.post(JSON.stringify(body), query, signal);
  }

  async post(body: string, query = '', signal?: AbortSignal): Promise<Answer> {
    const path = `/api/v1/runner/run${query}`;
    return this.request(path, { method: 'POST', body, ...(signal ? { signal } : {}) });
  }

  async request(path: string, options: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.server.url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TEST_KEY}` },
    });
    const body: unknown = await response.json();
    if (!isRecord(body)) throw new Error(`${path} answered something else than an object`);
    return { status: response.status, headers: response.headers, body };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
