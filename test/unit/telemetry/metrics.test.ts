import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Metrics, type MetricsOptions } from '../../../src/telemetry/metrics.ts';
import { parseMetrics, type Sample, seriesValue } from '../../support/prometheus-text.ts';

const figures = { target: 4, ready: 3, restoring: 1, leased: 2, retiring: 0, waiting: 5 };

const create = (options: Partial<MetricsOptions> = {}) =>
  new Metrics({
    isWarming: () => false,
    build: { version: '1.2.3', accelerator: 'tcg', template: 'abc' },
    templates: () => [{ template: 'abc', role: 'current' }],
    pool: () => figures,
    guestMemory: { sample: async () => ({ guests: 5, bytes: 300_000_000 }) },
    ...options,
  });

describe('the metrics', () => {
  test('are in the Prometheus text format, each with its help', async () => {
    const metrics = create({ build: { version: 'a "quoted"\nback\\slash', accelerator: '', template: '' } });
    const families = parseMetrics(await metrics.text());
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const { help } of families.values()) expect(help).toEndWith('.');
    expect(families.get('codeland_build_info')?.samples).toEqual([
      {
        name: 'codeland_build_info',
        labels: { version: 'a "quoted"\nback\\slash', accelerator: '', template: '' },
        value: 1,
      },
    ]);
  });

  test('name the templates that guests are restored from now, and no earlier ones', async () => {
    let roles: ReturnType<MetricsOptions['templates']> = [{ template: 'abc', role: 'current' }];
    const build = { version: '1', accelerator: 'tcg', template: 'abc' };
    const metrics = create({ build, templates: () => roles });
    const named = async (name: string) =>
      parseMetrics(await metrics.text())
        .get(name)
        ?.samples.map(({ labels }) => `${labels['template']} ${labels['role']}`);
    expect(await named('codeland_template_info')).toEqual(['abc current']);
    roles = [
      { template: 'abc', role: 'current' },
      { template: 'def', role: 'canary' },
    ];
    expect(await named('codeland_template_info')).toEqual(['abc current', 'def canary']);
    roles = [{ template: 'def', role: 'current' }];
    build.template = 'def';
    expect(await named('codeland_template_info')).toEqual(['def current']);
    expect(await named('codeland_build_info')).toEqual(['def undefined']);
  });

  test('count rollouts by their outcome, from none on', async () => {
    const metrics = create();
    const count = async (outcome: string) =>
      seriesValue(await metrics.text(), 'codeland_rollouts_total', { outcome });
    expect([await count('promoted'), await count('rolledBack')]).toEqual([0, 0]);
    metrics.rolledOut('rolledBack');
    expect([await count('promoted'), await count('rolledBack')]).toEqual([0, 1]);
  });

  test('are described in docs/metrics.md, with their types and labels', async () => {
    const metrics = create();
    metrics.request('GET', '/', 200);
    metrics.knownFailures(['internal']);
    metrics.upgraded('qemu', false);
    const page = await Bun.file(join(import.meta.dir, '../../../docs/metrics.md')).text();
    const described = page.matchAll(/^\| `(\w+)` +\| (counter|gauge|histogram) +\|(.*?)\|/gm);
    const labelsOf = (samples: readonly Sample[]) =>
      Object.keys(samples[0]?.labels ?? {})
        .filter((label) => label !== 'le')
        .sort();
    const families = [...parseMetrics(await metrics.text())].map(([name, { type, samples }]) =>
      [name, type, ...labelsOf(samples)].join(' '),
    );
    const rows = Array.from(described, ([, name, type, labels = '']) => {
      const named = Array.from(labels.matchAll(/`(\w+)`/g), ([, label = '']) => label);
      return [name, type, ...named.sort()].join(' ');
    });
    expect(rows.sort()).toEqual(families.sort());
  });

  test('show what is known before anything has happened', async () => {
    const metrics = create();
    metrics.knownFailures(['runnerTimedOut']);
    const text = await metrics.text();
    expect(seriesValue(text, 'codeland_restores_total', { result: 'failed' })).toBe(0);
    expect(seriesValue(text, 'codeland_failures_total', { name: 'runnerTimedOut' })).toBe(0);
    expect(seriesValue(text, 'codeland_run_stage_seconds_count', { stage: 'exec' })).toBe(0);
  });

  test('count damaged files, each from 0 on', async () => {
    const metrics = create();
    metrics.damaged('ram');
    const text = await metrics.text();
    expect(seriesValue(text, 'codeland_integrity_failures_total', { file: 'ram' })).toBe(1);
    expect(seriesValue(text, 'codeland_integrity_failures_total', { file: 'root.erofs' })).toBe(0);
  });

  test('say what was upgraded, and nothing of what was not looked at', async () => {
    const metrics = create();
    metrics.upgraded('qemu', true);
    metrics.upgraded('image', true);
    metrics.upgraded('image', false);
    const text = await metrics.text();
    expect(seriesValue(text, 'codeland_upgrade_pending', { what: 'qemu' })).toBe(1);
    expect(seriesValue(text, 'codeland_upgrade_pending', { what: 'image' })).toBe(0);
    expect(await create().text()).not.toContain('codeland_upgrade_pending{');
  });

  test('tell the pool as it is at the scrape', async () => {
    let ready = 3;
    const metrics = create({ pool: () => ({ ...figures, ready }) });
    await metrics.text();
    ready = 1;
    const text = await metrics.text();
    expect(seriesValue(text, 'codeland_pool_target')).toBe(4);
    expect(seriesValue(text, 'codeland_pool_waiting')).toBe(5);
    expect(seriesValue(text, 'codeland_pool_guests', { state: 'ready' })).toBe(1);
    expect(seriesValue(text, 'codeland_pool_guests', { state: 'leased' })).toBe(2);
  });

  test('count what the pool does', async () => {
    const metrics = create();
    // Passed on as plain functions.
    const { restored, restoreFailed, lost, waited, guestCpu } = metrics;
    restored(1_200);
    restored(80);
    restoreFailed();
    lost();
    waited(700);
    guestCpu(1_500);
    guestCpu(-1);
    const text = await metrics.text();
    expect(seriesValue(text, 'codeland_restores_total', { result: 'ok' })).toBe(2);
    expect(seriesValue(text, 'codeland_restores_total', { result: 'failed' })).toBe(1);
    expect(seriesValue(text, 'codeland_restore_duration_seconds_sum')).toBeCloseTo(1.28);
    expect(seriesValue(text, 'codeland_restore_duration_seconds_bucket', { le: '0.1' })).toBe(1);
    expect(seriesValue(text, 'codeland_guests_lost_total')).toBe(1);
    expect(seriesValue(text, 'codeland_queue_wait_seconds_bucket', { le: '0.5' })).toBe(0);
    expect(seriesValue(text, 'codeland_queue_wait_seconds_bucket', { le: '1' })).toBe(1);
    expect(seriesValue(text, 'codeland_guest_cpu_seconds_total')).toBe(1.5);
  });

  test('tell where the time of runs went', async () => {
    const metrics = create();
    metrics.run({ queueMs: 0, takeMs: 0.2, agentMs: 3, execMs: 20, totalMs: 24 }, 0.4);
    metrics.run({ queueMs: 0, takeMs: 0.2, agentMs: 3, execMs: null, totalMs: 4 }, 0.6);
    metrics.run({ queueMs: 90_000, takeMs: 0.2, agentMs: 3, execMs: 20, totalMs: 90_024 }, 1.5);
    const text = await metrics.text();
    const count = (stage: string) => seriesValue(text, 'codeland_run_stage_seconds_count', { stage });
    expect(['queue', 'take', 'agent', 'exec', 'total'].map(count)).toEqual([3, 3, 3, 2, 3]);
    const below = (stage: string, le: string) =>
      seriesValue(text, 'codeland_run_stage_seconds_bucket', { stage, le });
    expect([below('take', '0.001'), below('exec', '0.01'), below('exec', '0.025')]).toEqual([3, 0, 2]);
    expect([below('total', '60'), below('total', '+Inf')]).toEqual([2, 3]);
    expect(seriesValue(text, 'codeland_run_stage_seconds_sum', { stage: 'exec' })).toBeCloseTo(0.04);
    const overhead = (le: string) => seriesValue(text, 'codeland_request_overhead_seconds_bucket', { le });
    expect(['0.00025', '0.0005', '0.001', '0.002'].map(overhead)).toEqual([0, 1, 2, 3]);
  });

  test('count requests by the pattern of their route, and those without one together', async () => {
    const metrics = create();
    metrics.request('GET', '/api/v1/runner/:runner', 200);
    metrics.request('GET', '/api/v1/runner/:runner', 200);
    metrics.request('GET', null, 404);
    metrics.request('GET', null, 401);
    metrics.failure('notFound');
    const text = await metrics.text();
    const requests = (route: string, status: string) =>
      seriesValue(text, 'codeland_http_requests_total', { method: 'GET', route, status });
    expect(requests('/api/v1/runner/:runner', '200')).toBe(2);
    expect([requests('none', '404'), requests('none', '401')]).toEqual([1, 1]);
    expect(seriesValue(text, 'codeland_failures_total', { name: 'notFound' })).toBe(1);
  });

  test('have no guest memory while none is known', async () => {
    const samples = [undefined, { guests: 2, bytes: 1_000 }, undefined];
    const metrics = create({ guestMemory: { sample: async () => samples.shift() } });
    const shown = async () => {
      const families = parseMetrics(await metrics.text());
      return ['bytes', 'guests'].map(
        (unit) => families.get(`codeland_guest_memory_${unit}`)?.samples[0]?.value,
      );
    };
    expect(await shown()).toEqual([undefined, undefined]);
    expect(await shown()).toEqual([1_000, 2]);
    expect(await shown()).toEqual([undefined, undefined]);
  });

  test('tell of the server process', async () => {
    const text = await create().text();
    expect(seriesValue(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(seriesValue(text, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    const started = seriesValue(text, 'process_start_time_seconds');
    expect(new Date(started * 1000).getFullYear()).toBeGreaterThan(2020);
  });

  test('belong to one server', async () => {
    const one = create();
    const other = create();
    one.lost();
    expect(seriesValue(await one.text(), 'codeland_guests_lost_total')).toBe(1);
    expect(seriesValue(await other.text(), 'codeland_guests_lost_total')).toBe(0);
  });
});

describe('the reader of the tests refuses', () => {
  const head = '# HELP a x\n# TYPE a counter\n';
  test.each([
    ['no last newline', `${head}a 1`],
    ['a sample without a family', 'a 1\n'],
    ['a sample of another family', `${head}b 1\n`],
    ['a value that is none', `${head}a one\n`],
    ['a negative counter', `${head}a -1\n`],
    ['a series twice', `${head}a{x="1"} 1\na{x="1"} 2\n`],
    ['a label twice', `${head}a{x="1",x="2"} 1\n`],
    ['a label without its end', `${head}a{x="1} 1\n`],
    ['a family twice', `${head}a 1\n${head}a 2\n`],
    ['an unknown type', '# HELP a x\n# TYPE a number\na 1\n'],
    ['no help', '# TYPE a counter\na 1\n'],
    [
      'buckets that shrink',
      '# HELP h x\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ],
    [
      'a histogram without its last bucket',
      '# HELP h x\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n',
    ],
  ])('%s', (_, text) => {
    expect(() => parseMetrics(text)).toThrow();
  });
});
