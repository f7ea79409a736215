import { describe, expect, test } from 'bun:test';
import { networkInterfaces } from 'node:os';
import { Elysia } from 'elysia';
import { errors } from '../../../src/http/errors.ts';
import { exchange } from '../../../src/http/exchange.ts';
import { metricsRoute } from '../../../src/http/metrics.ts';
import { Metrics } from '../../../src/telemetry/metrics.ts';
import { parseMetrics } from '../../support/prometheus-text.ts';
import { KEY, TestApi } from '../../support/test-api.ts';

const metrics = new Metrics({
  isWarming: () => false,
  build: { version: '1', accelerator: 'tcg', template: 'x' },
  templates: () => [],
  pool: () => ({ target: 1, ready: 0, restoring: 1, leased: 0, retiring: 0, waiting: 0 }),
  guestMemory: { sample: async () => undefined },
});

const createApp = (access: 'loopback' | 'open') =>
  new Elysia()
    .use(exchange)
    .use(errors(() => {}))
    .use(metricsRoute({ metrics, access }));

/** The route alone, on an address of the test's choice. */
class OpenPort implements AsyncDisposable {
  readonly #app: ReturnType<typeof createApp>;

  constructor(access: 'loopback' | 'open', hostname: string) {
    this.#app = createApp(access).listen({ hostname, port: 0 });
  }

  get(host: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://${host}:${this.#app.server?.port}/metrics`, { headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.stop(true);
  }
}

const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
const outer = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const hasIpv6 = addresses.some(({ address }) => address === '::1');

/** Headers by which proxies tell of a client. Anybody can send them. */
const PRETENCE = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' };

const forbidden = { name: 'forbidden', message: expect.stringContaining('CODELAND_METRICS=open') };

describe('the metrics', () => {
  test('are given to this machine without a key, in the text format', async () => {
    await using api = new TestApi({ metrics });
    const response = await fetch(api.url('/metrics'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parseMetrics(await response.text()).has('codeland_pool_target')).toBe(true);
  });

  test.skipIf(!hasIpv6)('are given to this machine over IPv6, and over IPv4 to an IPv6 socket', async () => {
    await using port = new OpenPort('loopback', '::');
    for (const host of ['[::1]', '127.0.0.1', '127.0.0.2']) expect((await port.get(host)).status).toBe(200);
  });

  test.skipIf(outer === undefined)('are given to no other address, whatever it says it is', async () => {
    await using port = new OpenPort('loopback', '0.0.0.0');
    for (const headers of [{}, PRETENCE, { authorization: `Bearer ${KEY}` }]) {
      const response = await port.get(String(outer), headers);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual(forbidden);
    }
    expect((await port.get('127.0.0.1')).status).toBe(200);
  });

  test('are given to nobody whose address is not known', async () => {
    // As a fetch handler, without a server of its own.
    const request = new Request('http://localhost/metrics', { headers: PRETENCE });
    const response = await createApp('loopback').handle(request);
    expect([response.status, await response.json()]).toEqual([403, forbidden]);
  });

  test('are given to everybody when they are open', async () => {
    await using port = new OpenPort('open', '0.0.0.0');
    expect((await port.get(outer ?? '127.0.0.1')).status).toBe(200);
    const response = await createApp('open').handle(new Request('http://localhost/metrics'));
    expect(response.status).toBe(200);
  });
});
