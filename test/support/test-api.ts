import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyAccess } from '../../src/access/access.ts';
import { addKey } from '../../src/access/key.ts';
import { type KeyLimits, NO_LIMITS } from '../../src/access/principal.ts';
import { type App, type AppServices, createApp } from '../../src/app.ts';
import type { LimitsConfig } from '../../src/config.ts';
import { Idempotency } from '../../src/http/idempotency.ts';
import type { Sample } from '../../src/http/runner/sample.ts';
import type { NetworkPolicy } from '../../src/network/policy.ts';
import type { RunnerPool } from '../../src/runner/pool.ts';
import type { PoolOptions } from '../../src/runner/pool-options.ts';
import { Runners } from '../../src/runner/runners.ts';
import type { RunnerFigures } from '../../src/stats/sample.ts';
import { readWorkerFigures } from '../../src/stats/worker.ts';
import { Database } from '../../src/store/database.ts';
import { KeyTable } from '../../src/store/keys.ts';
import { openJournal, RunnerTable } from '../../src/store/runners.ts';
import type { RequestLine } from '../../src/telemetry/log.ts';
import { exitReport } from './agent-messages.ts';
import type { FakeGuest } from './fake-guest.ts';
import { FakeTemplate } from './fake-template.ts';
import { until } from './until.ts';

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

/** Where each document has its routes. */
export const BASES = [
  { document: 1, run: '/api/v1/runner/run', create: '/api/v1/runner/new', runners: '/api/v1/runner' },
  { document: 2, run: '/codeland/run', create: '/codeland/run/new', runners: '/codeland/run' },
] as const;

/** The figures of a runner whose sources all answered. */
export const FIGURES: RunnerFigures = {
  balloon: {
    totalBytes: 256 * 2 ** 20,
    availableBytes: 200 * 2 ** 20,
    freeBytes: 150 * 2 ** 20,
    cachesBytes: 50 * 2 ** 20,
    majorFaults: 1,
    minorFaults: 2,
    swapInBytes: null,
    swapOutBytes: null,
    ageSeconds: 0.5,
  },
  guestMemoryBytes: 56 * 2 ** 20,
  guestKernelMemoryBytes: 8 * 2 ** 20,
  hostPssBytes: 90 * 2 ** 20,
  hostCpuMs: 120,
  uptimeSeconds: 3.5,
  processes: 12,
  network: { rxBytes: 2048, txBytes: 1024, rxPackets: 3, txPackets: 2, source: 'guest' },
  networkLog: null,
  sampledSecondsAgo: 0,
};

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream | null;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

export type TestApiOptions = Partial<
  Pick<AppServices, 'log' | 'metrics' | 'metricsAccess' | 'offersEgress'>
> & {
  readonly pool?: Partial<PoolOptions>;
};

/** The API on a port of its own, over a pool whose guests come from the test: none unless it makes one. */
export class TestApi implements AsyncDisposable {
  readonly template = new FakeTemplate();
  /** Faults of the server: a test that causes none expects none. */
  readonly faults: unknown[] = [];
  /** What was logged of requests. */
  readonly logged: RequestLine[] = [];
  readonly pool: RunnerPool;
  readonly runners: Runners;
  readonly access: KeyAccess;
  readonly port: number;
  readonly app: App;
  /** Gives a runner's figures. */
  onSample: Sample = async () => FIGURES;
  readonly #keys: KeyTable;
  readonly #stack = new AsyncDisposableStack();

  /** @param options A log and metrics in place of those that only remember; options of the pool. */
  constructor({ pool, ...services }: TestApiOptions = {}) {
    const onFault = (error: unknown) => void this.faults.push(error);
    const home = mkdtempSync(join(tmpdir(), 'codeland-unit-'));
    this.#stack.defer(() => rmSync(home, { recursive: true }));
    const database = this.#stack.use(Database.open(home));
    this.#keys = new KeyTable(database);
    this.access = this.#stack.use(new KeyAccess({ database, environmentKey: KEY, onFault }));
    this.pool = this.template.pool({ target: 1, maxGuests: 3, refillWorkers: 1, ...pool });
    this.runners = new Runners({
      pool: this.pool,
      journal: openJournal(database, new RunnerTable(database, 'boot-of-the-test'), onFault),
      runsPerRunner: LIMITS.runsPerRunner,
      onUsage: (owner, cpuMs) => this.access.charge(owner, cpuMs),
      onFailure: onFault,
    });
    this.#stack.defer(async () => {
      // Restores that nobody finishes would keep the pool open.
      while (this.template.waiting > 0) await this.template.fail();
      await this.runners[Symbol.asyncDispose]();
    });
    const idempotency = this.#stack.use(new Idempotency({ database, hours: 1, onFault }));
    this.app = createApp({
      runners: this.runners,
      pool: this.pool,
      access: this.access,
      idempotency,
      limits: LIMITS,
      offersEgress: true,
      template: { id: 'template-of-the-test' },
      sample: (view, deadlineMs) => this.onSample(view, deadlineMs),
      workerFigures: () => readWorkerFigures(home),
      log: { requestDone: (_, line) => void this.logged.push(line), fault: onFault },
      metrics: {
        request: () => {},
        run: () => {},
        failure: () => {},
        knownFailures: () => {},
        contentType: 'text/plain',
        text: async () => '',
      },
      metricsAccess: 'loopback',
      ...services,
    });
    this.app.listen({ hostname: '127.0.0.1', port: 0, maxRequestBodySize: Number.MAX_SAFE_INTEGER });
    this.#stack.defer(async () => {
      await this.app.stop(true);
    });
    const port = this.app.server?.port;
    if (port === undefined) throw new Error('the test server has no port');
    this.port = port;
  }

  /** Makes a key with limits of its own. */
  addKey(secret: string, limits: Partial<KeyLimits> = {}, network?: NetworkPolicy): string {
    return addKey(this.#keys, secret, { ...NO_LIMITS, ...limits }, secret, network).id;
  }

  /** The next guest, once it is ready. Its runs end at once, until the test says something else. */
  async guest(): Promise<FakeGuest> {
    if (this.template.started === 0) this.pool.start();
    await until('a restore', () => this.template.waiting > 0);
    const guest = await this.template.finish();
    guest.onRun = async ({ id }) => exitReport(id);
    return guest;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** A request with the key, unless `headers` say otherwise. */
  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url(path), { ...init, headers: withKey(init.headers) });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  post(path: string, body: Body, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(path, { method: 'POST', body, headers });
  }

  run(body: Body, query = '', headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(`/api/v1/runner/run${query}`, body, headers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function withKey(given: RequestInit['headers']): Headers {
  const headers = new Headers(given);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${KEY}`);
  return headers;
}
