import { describe, expect, test } from 'bun:test';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Metrics } from '../../../src/telemetry/metrics.ts';
import { exitReport } from '../../support/agent-messages.ts';
import type { FakeGuest } from '../../support/fake-guest.ts';
import { LogFile, type LogRecord } from '../../support/log-file.ts';
import { seriesValue } from '../../support/prometheus-text.ts';
import { rawRequest } from '../../support/raw-http.ts';
import { KEY, TestApi } from '../../support/test-api.ts';
import { until } from '../../support/until.ts';

/** In everything that a client or a program says. */
const MARKER = 'M4RK3R';

/** The API with its real log and metrics. */
class LoggedApi implements AsyncDisposable {
  readonly api: TestApi;
  readonly metrics: Metrics;
  readonly file: LogFile;

  private constructor(file: LogFile) {
    this.file = file;
    this.metrics = new Metrics({
      isWarming: () => false,
      build: { version: '1', accelerator: 'tcg', template: 'x' },
      templates: () => [],
      pool: () => this.api.pool.counts,
      guestMemory: { sample: async () => undefined },
    });
    this.api = new TestApi({ log: file.log, metrics: this.metrics });
  }

  static async start(): Promise<LoggedApi> {
    return new LoggedApi(await LogFile.create());
  }

  /** A ready guest. */
  async guest(): Promise<FakeGuest> {
    this.api.pool.start();
    return this.api.template.finish();
  }

  /** The lines about requests, once there are so many; not one more. */
  async requests(count: number): Promise<LogRecord[]> {
    const requests = () => this.file.records.filter(({ msg }) => msg === 'request');
    await until(`${count} lines`, () => requests().length >= count);
    // What is answered is logged in the same turn; a line too many would be there by now.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(requests()).toHaveLength(count);
    return requests();
  }

  async value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return seriesValue(await this.metrics.text(), name, labels);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
    await this.file[Symbol.asyncDispose]();
  }
}

const program = JSON.stringify({ code: 'print(1)' });

describe('the log', () => {
  test('has one line for each answer, with its id, wherever the request ended', async () => {
    await using own = await LoggedApi.start();
    const { api } = own;
    await own.guest();
    const asked = [
      ['GET', '/healthz', '', { level: 'debug', route: '/healthz', status: 200 }],
      ['HEAD', '/healthz', '', { level: 'debug', route: '/healthz', status: 200 }],
      ['GET', '/metrics', '', { level: 'debug', route: '/metrics', status: 200 }],
      ['GET', '/api/v1/worker', '', { level: 'info', route: '/api/v1/worker', status: 200 }],
      ['GET', '/nowhere', '', { level: 'info', route: null, status: 404, failure: 'notFound' }],
      ['PUT', '/healthz', '', { level: 'info', route: null, status: 404, failure: 'notFound' }],
      [
        'GET',
        '/codeland/run/nobody',
        '',
        { level: 'info', route: '/codeland/run/:runner', status: 404, failure: 'runnerNotFound' },
      ],
      [
        'POST',
        '/api/v1/runner/run',
        '{"code": 5}',
        { route: '/api/v1/runner/run', status: 422, failure: 'invalidRequest' },
      ],
      [
        'POST',
        '/api/v1/runner/run',
        'no JSON',
        { route: '/api/v1/runner/run', status: 422, failure: 'invalidRequest' },
      ],
      [
        'POST',
        '/codeland/run?time=x',
        program,
        { route: '/codeland/run', status: 422, failure: 'invalidRequest' },
      ],
    ] as const;
    for (const [index, [method, path, body, expected]] of asked.entries()) {
      const response = await fetch(api.url(path), {
        method,
        headers: { authorization: `Bearer ${KEY}`, 'x-request-id': `request-${index}` },
        ...(body === '' ? {} : { body }),
      });
      await response.arrayBuffer();
      expect(response.headers.get('x-request-id')).toBe(`request-${index}`);
      const lines = await own.requests(index + 1);
      expect(lines[index]).toMatchObject({
        id: `request-${index}`,
        method,
        ms: expect.any(Number),
        ...expected,
      });
    }
  });

  test('makes more of a request without a runner than of a probe that is told so', async () => {
    await using own = await LoggedApi.start();
    await own.api.request('/readyz');
    await own.api.run(program);
    expect(await own.requests(2)).toMatchObject([
      { route: '/readyz', status: 503, level: 'debug' },
      { route: '/api/v1/runner/run', status: 503, level: 'warn', failure: 'RunnerNotAvailable' },
    ]);
  });

  test('has the id of the answer when the client sends none that can be used', async () => {
    await using own = await LoggedApi.start();
    for (const [index, given] of ['', 'a b', 'x'.repeat(129), 'ü'].entries()) {
      const { headers } = await api(own, '/api/v1/worker', { 'x-request-id': given });
      const lines = await own.requests(index + 1);
      expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{8,128}$/);
      expect(lines[index]?.['id']).toBe(headers.get('x-request-id'));
    }
  });

  test('names key and runner, and where the time of a run went', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = async () => exitReport(0);
    const key = own.api.addKey('another-key-0123456789');
    await own.api.run(program, '', { authorization: 'Bearer another-key-0123456789' });
    const [line] = await own.requests(1);
    expect(line).toMatchObject({
      key,
      runner: guest.name,
      status: 200,
      queueMs: expect.any(Number),
      execMs: expect.any(Number),
    });
    expect(await own.value('codeland_run_stage_seconds_count', { stage: 'total' })).toBe(1);
  });

  test('tells a stored answer from a run', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = async () => exitReport(0);
    await own.api.run(program, '', { 'idempotency-key': 'once' });
    await own.api.run(program, '', { 'idempotency-key': 'once' });
    const [first, second] = await own.requests(2);
    expect(first).not.toHaveProperty('replayed');
    expect(second).toMatchObject({ status: 200, replayed: true, runner: guest.name });
    expect(second).not.toHaveProperty('execMs');
    expect(await own.value('codeland_run_stage_seconds_count', { stage: 'exec' })).toBe(1);
  });

  test('tells a client that left from a runner that failed', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    const asked = Promise.withResolvers<void>();
    guest.onRun = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const left = new AbortController();
    const request = fetch(own.api.url('/api/v1/runner/run'), {
      method: 'POST',
      body: program,
      headers: { authorization: `Bearer ${KEY}` },
      signal: left.signal,
    }).catch(() => 'left');
    await asked.promise;
    left.abort();
    expect(await request).toBe('left');
    const [line] = await own.requests(1);
    expect(line).toMatchObject({ failure: 'clientGone' });
    expect(await own.value('codeland_failures_total', { name: 'clientGone' })).toBe(1);
    expect(await own.value('codeland_failures_total', { name: 'runnerExecutionFailed' })).toBe(0);
  });

  test('has a line for a client that left in the middle of its body', async () => {
    await using own = await LoggedApi.start();
    const socket = connect(own.api.port, '127.0.0.1');
    await once(socket, 'connect');
    const head = ['POST /api/v1/runner/run HTTP/1.1', 'Host: a', `Authorization: Bearer ${KEY}`];
    socket.write(`${head.join('\r\n')}\r\nContent-Length: 1000\r\n\r\n{"code": "${MARKER}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const [line] = await own.requests(1);
    expect(line).toMatchObject({ route: '/api/v1/runner/run', failure: 'clientGone' });
    expect(own.file.text).not.toContain(MARKER);
  });

  test('says why a runner failed, which its user is not told', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = () => Promise.reject(new Error('the guest was torn apart'));
    const { status, body } = await own.api.run(program);
    expect([status, JSON.stringify(body).includes('torn')]).toEqual([400, false]);
    const [line] = await own.requests(1);
    expect(line).toMatchObject({
      failure: 'runnerExecutionFailed',
      errors: [{ message: 'the guest was torn apart' }],
    });
  });

  test('has a fault with the id of its request', async () => {
    await using own = await LoggedApi.start();
    await own.guest();
    own.api.onSample = async () => {
      throw new TypeError('broken figures');
    };
    const { status } = await api(own, '/api/v1/runner/runner-1', { 'x-request-id': 'faulty' });
    expect(status).toBe(500);
    const [line] = await own.requests(1);
    expect(line).toMatchObject({ level: 'error', id: 'faulty', status: 500, failure: 'internal' });
    expect(own.file.records).toContainEqual(
      expect.objectContaining({
        level: 'error',
        msg: 'fault',
        id: 'faulty',
        errors: [expect.objectContaining({ name: 'TypeError', message: 'broken figures' })],
      }),
    );
  });
});

describe('nothing that was sent or printed is in the log', () => {
  test('of a request that is refused', async () => {
    await using own = await LoggedApi.start();
    const body = JSON.stringify({ code: MARKER });
    const { api } = own;
    const requests = [
      api.run(body, '', { authorization: `Bearer ${MARKER}-unknown-key` }),
      api.run(body, '', { authorization: `Basic ${MARKER}` }),
      api.run(`{"code": ${MARKER}}`),
      api.run(JSON.stringify({ code: 'x', [MARKER]: 1 })),
      api.run(JSON.stringify({ code: 'x', language: MARKER })),
      api.run(JSON.stringify({ code: 'x', files: { [`../${MARKER}`]: MARKER } })),
      api.run(JSON.stringify({ code: 'x', env: { [`${MARKER}=`]: MARKER } })),
      api.run(body, `?time=${MARKER}`),
      api.run(body, `?${MARKER}=1`),
      api.run(body, '', { 'idempotency-key': `${MARKER} ${'x'.repeat(300)}` }),
      api.run(body, '', { 'x-request-id': `${MARKER} !`, 'user-agent': MARKER, cookie: `a=${MARKER}` }),
      api.request(`/${MARKER}?${MARKER}`),
      api.request(`/api/v1/runner/${MARKER}`),
      api.request(`/codeland/run/${MARKER}`, { method: 'DELETE' }),
      api.post(`/api/v1/runner/run/${MARKER}`, body),
    ];
    for (const { status } of await Promise.all(requests)) expect(status).toBeGreaterThanOrEqual(400);
    await rawRequest(api.port, `GET /${MARKER} HTTP/1.0\r\nHost: ${MARKER}[\r\n\r\n`);
    await own.requests(requests.length + 1);
    expect(own.file.text).not.toContain(MARKER);
    expect(own.file.text).not.toContain(KEY);
    expect(await own.metrics.text()).not.toContain(MARKER);
  });

  test.each([
    ['ends', {}, 200],
    ['fails', { code: 3 }, 200],
    ['runs too long', { timedOut: true }, 498],
  ])('of a program that %s', async (_, report, status) => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = async (_, onOutput) => {
      onOutput('stdout', new TextEncoder().encode(MARKER));
      onOutput('stderr', new TextEncoder().encode(MARKER));
      return exitReport(0, report);
    };
    const body = {
      code: MARKER,
      stdin: MARKER,
      args: [MARKER],
      env: { [MARKER]: MARKER },
      files: { [MARKER]: MARKER },
    };
    const answer = await own.api.run(JSON.stringify(body), '?time=7', { 'idempotency-key': MARKER });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(MARKER);
    await own.requests(1);
    expect(own.file.text).not.toContain(MARKER);
    expect(await own.metrics.text()).not.toContain(MARKER);
  });

  test('of a guest that says what it should not', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = () =>
      Promise.reject(new SyntaxError(`JSON Parse error: Unexpected identifier "${MARKER}"`));
    expect((await own.api.run(program)).status).toBe(400);
    await own.requests(1);
    expect(own.file.text).toContain('SyntaxError');
    expect(own.file.text).not.toContain(MARKER);
  });

  test('of an answer that is not of its form', async () => {
    await using own = await LoggedApi.start();
    const guest = await own.guest();
    guest.onRun = async (_, onOutput) => {
      onOutput('stdout', new TextEncoder().encode(MARKER));
      return exitReport(0, { code: Number.NaN });
    };
    expect((await own.api.run(program)).status).toBe(500);
    await own.requests(1);
    expect(own.file.records.some(({ msg }) => msg === 'fault')).toBe(true);
    expect(own.file.text).not.toContain(MARKER);
  });
});

describe('the metrics', () => {
  test('count each answer under the pattern of its route, whatever paths are asked', async () => {
    await using own = await LoggedApi.start();
    for (let at = 0; at < 30; at += 1) {
      await own.api.request(`/nowhere/${at}`);
      await own.api.request(`/api/v1/runner/runner-${at}`);
    }
    await own.requests(60);
    const labels = { method: 'GET', status: '404' };
    expect(await own.value('codeland_http_requests_total', { ...labels, route: 'none' })).toBe(30);
    expect(
      await own.value('codeland_http_requests_total', { ...labels, route: '/api/v1/runner/:runner' }),
    ).toBe(30);
    expect(await own.value('codeland_failures_total', { name: 'runnerNotFound' })).toBe(30);
    const series = (await own.metrics.text()).match(/^codeland_http_requests_total\{/gm);
    expect(series).toHaveLength(2);
  });

  test('know every failure before it happens', async () => {
    await using own = await LoggedApi.start();
    for (const name of ['RunnerNotAvailable', 'runnerTimedOut', 'internal', 'clientGone']) {
      expect(await own.value('codeland_failures_total', { name })).toBe(0);
    }
  });

  test('count rare methods together', async () => {
    await using own = await LoggedApi.start();
    for (const method of ['PROPFIND', 'TRACE']) {
      await rawRequest(own.api.port, `${method} /healthz HTTP/1.1\r\nHost: a\r\n\r\n`);
    }
    expect((await own.requests(2)).map(({ method }) => method)).toEqual(['other', 'other']);
  });
});

/** A GET with the key. */
const api = (own: LoggedApi, path: string, headers: Record<string, string>) =>
  own.api.request(path, { headers });
