/** What Prometheus is told; docs/metrics.md describes each metric. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { IMAGE_FILES } from '../image/paths.ts';
import { ROLLOUT_OUTCOMES, type RolloutOutcome } from '../rollout/outcome.ts';
import { STUCK_STATES, type StuckState } from '../runner/watchdog.ts';
import { MANIFEST_FILE, RAM_FILE, STATE_FILE } from '../template/manifest.ts';
import type { GuestMemory } from './guest-memory.ts';

/** From a step inside this process to the longest run that is not unusual, seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Of the server's own part of a request, seconds. */
const OVERHEAD_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1];

const GUEST_STATES = ['ready', 'restoring', 'leased', 'retiring'] as const;
const STAGES = ['queue', 'take', 'agent', 'exec', 'total'] as const;

/** Of images and of templates. */
const CHECKED_FILES = [...IMAGE_FILES, RAM_FILE, STATE_FILE, MANIFEST_FILE];

/** Stands for the route of requests that failed before there was one: their paths could be any. */
const NO_ROUTE = 'none';

type Figures = Readonly<Record<(typeof GUEST_STATES)[number] | 'target' | 'waiting', number>>;

/** How long one run was in each stage, ms. */
type StageTimes = { readonly [Stage in (typeof STAGES)[number] as `${Stage}Ms`]: number | null };

export type MetricsOptions = {
  /** Read each time that the metrics are. */
  readonly build: { readonly version: string; readonly accelerator: string; readonly template: string };
  /** The templates that guests are restored from now. */
  readonly templates: () => readonly TemplateRole[];
  /** Whether guests that are made later will be warmer. */
  readonly isWarming: () => boolean;
  /** The pool's counts now. */
  readonly pool: () => Figures;
  readonly guestMemory: Pick<GuestMemory, 'sample'>;
};

/** `current`: what guests are restored from; `canary`: what some of them are restored from while it is tried. */
type TemplateRole = { readonly template: string; readonly role: 'current' | 'canary' };

/** The metrics of one server. Its functions are bound: they can be passed on as an observer. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #series = defineSeries(this.#registry);
  readonly #options: MetricsOptions;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const { restores, rollouts, stages, startTime, stuck } = this.#series;
    startTime.set(Math.round(performance.timeOrigin) / 1000);
    // A series that begins at 0 shows its first step to `increase()`.
    for (const result of ['ok', 'failed']) restores.inc({ result }, 0);
    for (const outcome of ROLLOUT_OUTCOMES) rollouts.inc({ outcome }, 0);
    for (const stage of STAGES) stages.zero({ stage });
    for (const file of CHECKED_FILES) this.#series.damaged.inc({ file }, 0);
    for (const state of STUCK_STATES) stuck.inc({ state }, 0);
  }

  readonly restored = (ms: number): void => {
    this.#series.restores.inc({ result: 'ok' });
    this.#series.restoreTime.observe(ms / 1000);
  };

  readonly restoreFailed = (): void => this.#series.restores.inc({ result: 'failed' });

  readonly lost = (): void => this.#series.lost.inc();

  readonly stuck = (state: StuckState): void => this.#series.stuck.inc({ state });

  readonly rolledOut = (outcome: RolloutOutcome): void => this.#series.rollouts.inc({ outcome });

  readonly waited = (ms: number): void => this.#series.waits.observe(ms / 1000);

  /** @param ms Host CPU time that a guest used since this was told last. */
  readonly guestCpu = (ms: number): void => this.#series.guestCpu.inc(Math.max(0, ms) / 1000);

  /** @param route The pattern of the route, never a path; null when there is none. */
  readonly request = (method: string, route: string | null, status: number): void =>
    this.#series.requests.inc({ method, route: route ?? NO_ROUTE, status });

  /** @param overheadMs The server's own part of the request. */
  readonly run = (times: StageTimes, overheadMs: number): void => {
    this.#series.overhead.observe(overheadMs / 1000);
    for (const stage of STAGES) {
      const ms = times[`${stage}Ms`];
      if (ms !== null) this.#series.stages.observe({ stage }, ms / 1000);
    }
  };

  /** @param name One of a fixed set. */
  readonly failure = (name: string): void => this.#series.failures.inc({ name });

  /** Shows failures that have not happened yet. */
  readonly knownFailures = (names: readonly string[]): void => {
    for (const name of names) this.#series.failures.inc({ name }, 0);
  };

  /** @param file Name of a file of an image or a template that is not what it should be. */
  readonly damaged = (file: string): void => this.#series.damaged.inc({ file });

  /** All files were checked just now. */
  readonly checked = (): void => this.#series.checked.setToCurrentTime();

  /** Whether something that the template in use was baked with is another one on this host now. */
  readonly upgraded = (what: string, isUpgraded: boolean): void =>
    this.#series.upgraded.set({ what }, isUpgraded ? 1 : 0);

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in the Prometheus text format. */
  async text(): Promise<string> {
    const sample = await this.#options.guestMemory.sample();
    const { build, templates, target, guests, waiting, memory, memoryGuests, cpu, resident } = this.#series;
    const figures = this.#options.pool();
    target.set(figures.target);
    waiting.set(figures.waiting);
    this.#series.warming.set(Number(this.#options.isWarming()));
    for (const state of GUEST_STATES) guests.set({ state }, figures[state]);
    build.reset();
    build.set({ ...this.#options.build }, 1);
    templates.reset();
    for (const labels of this.#options.templates()) templates.set({ ...labels }, 1);
    setOrHide(memory, sample?.bytes);
    setOrHide(memoryGuests, sample?.guests);
    const { user, system } = process.cpuUsage();
    cpu.reset();
    cpu.inc((user + system) / 1e6);
    resident.set(process.memoryUsage.rss());
    return this.#registry.metrics();
  }
}

/** A figure that is not known has no series: 0 would be a lie. */
function setOrHide(gauge: Gauge<never>, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

function defineSeries(registry: Registry) {
  const registers = [registry];
  const counter = <const L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <const L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const seconds = <const L extends string = never>(
    name: string,
    help: string,
    labelNames: L[] = [],
    buckets: number[] = SECONDS,
  ) => new Histogram({ name, help, labelNames, buckets, registers });
  return {
    build: gauge('codeland_build_info', 'What runs; always 1.', ['version', 'accelerator', 'template']),
    templates: gauge('codeland_template_info', 'What guests are restored from; always 1.', [
      'template',
      'role',
    ]),
    rollouts: counter('codeland_rollouts_total', 'Rollouts of a new template, by outcome.', ['outcome']),
    warming: gauge(
      'codeland_pool_warming',
      'Whether the guest that others are forked from still runs its corpus.',
    ),
    target: gauge('codeland_pool_target', 'Ready guests that the pool keeps.'),
    guests: gauge('codeland_pool_guests', 'Guests, by state.', ['state']),
    waiting: gauge('codeland_pool_waiting', 'Requests in the queue for a guest.'),
    waits: seconds('codeland_queue_wait_seconds', 'Time of requests in the queue, for a guest or in vain.'),
    restores: counter('codeland_restores_total', 'Restores that ended, by result.', ['result']),
    restoreTime: seconds(
      'codeland_restore_duration_seconds',
      'Time from a restore’s start to a ready guest.',
    ),
    lost: counter('codeland_guests_lost_total', 'Guests that died without being told to.'),
    stuck: counter('codeland_stuck_total', 'Guests that were too long in a state, and were cleared.', [
      'state',
    ]),
    memory: gauge('codeland_guest_memory_bytes', 'Host memory of the guests together (PSS).'),
    memoryGuests: gauge('codeland_guest_memory_guests', 'Guests in codeland_guest_memory_bytes.'),
    guestCpu: counter('codeland_guest_cpu_seconds_total', 'Host CPU time of guests since they were ready.'),
    stages: seconds('codeland_run_stage_seconds', 'Time of runs in each stage.', ['stage']),
    overhead: seconds(
      'codeland_request_overhead_seconds',
      'Time of requests that ran code outside of queue and guest.',
      [],
      OVERHEAD_SECONDS,
    ),
    requests: counter('codeland_http_requests_total', 'Answered requests.', ['method', 'route', 'status']),
    failures: counter('codeland_failures_total', 'Failures answered, by name.', ['name']),
    damaged: counter(
      'codeland_integrity_failures_total',
      'Files of images and templates that were found damaged.',
      ['file'],
    ),
    checked: gauge(
      'codeland_integrity_last_check_timestamp_seconds',
      'When all files of image and templates were checked last, seconds since 1970.',
    ),
    upgraded: gauge(
      'codeland_upgrade_pending',
      'Whether the template was baked with another QEMU or image than is here now.',
      ['what'],
    ),
    startTime: gauge('process_start_time_seconds', 'Start of the server, seconds since 1970.'),
    cpu: counter('process_cpu_seconds_total', 'CPU time of the server, without its guests.'),
    resident: gauge('process_resident_memory_bytes', 'Memory of the server, without its guests.'),
  };
}
