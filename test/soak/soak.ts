/** A long run: a server of its own, a mixed load, and what the server uses of its host meanwhile. */
import { follow, sleep } from '../../src/lib/deadline.ts';
import { auditHost } from '../support/audit.ts';
import { isRecord } from '../support/http-client.ts';
import { Random } from '../support/random.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { TestHome } from '../support/test-home.ts';
import { type Figures, readFigures } from './figures.ts';
import { median, type Point } from './flatness.ts';
import { Load } from './load.ts';
import { onceOperations } from './once.ts';
import { persistentOperations } from './persistent.ts';

export type Sample = Figures & {
  readonly seconds: number;
  /** Things that clients have done until then. */
  readonly done: number;
  /** Wrong answers until then. */
  readonly wrong: number;
  /** Median time of the answers since the sample before, by kind, ms. */
  readonly medianMs: Readonly<Record<string, number>>;
};

export type Soaked = {
  readonly seconds: number;
  readonly samples: readonly Sample[];
  /** At rest, after a first minute of load or less, and at the end. */
  readonly before: Figures;
  readonly after: Figures;
  readonly times: ReadonlyMap<string, readonly Point[]>;
  readonly done: ReadonlyMap<string, number>;
  readonly refused: number;
  /** Answers that the server had to keep for later. */
  readonly kept: readonly Point[];
  /** What is wrong whatever the figures say: answers, faults in the log, leftovers. */
  readonly wrong: readonly string[];
};

export type SoakOptions = {
  readonly home: TestHome;
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  /** Ends it early, with nothing told. */
  readonly stop: AbortSignal;
  readonly onSample: (sample: Sample) => void;
};

const POOL = 3;
const SAMPLE_MS = 10_000;
/** The pool may have to be filled from nothing, on a busy host. */
const REST_DEADLINE_MS = 300_000;
const SETTINGS = {
  CODELAND_POOL_SIZE: String(POOL),
  CODELAND_OUTPUT_LIMIT_BYTES: '65536',
  CODELAND_LOG_LEVEL: 'warn',
  CODELAND_WARM_UP: 'full',
};

const operations = [...onceOperations, ...persistentOperations];

/**
 * @throws {Error} When the server does not start, or ends before it is told to.
 * @throws The signal's reason when it is aborted.
 */
export async function soak({ home, seconds, clients, seed, stop, onSample }: SoakOptions): Promise<Soaked> {
  const random = new Random(seed);
  await using server = await ServerProcess.start(home, SETTINGS);
  const { pid = 0 } = server.child;
  const figures = () => readFigures(home.path, pid);

  // What is made at the first use of a thing is no growth: threads of the runtime, its caches, tables of the database.
  const warmUp = new Load(server.request, random);
  await follow(warmUp.work(operations, clients, AbortSignal.timeout(warmUpMs(seconds))), stop);
  await follow(untilAtRest(server, figures), stop);
  const before = await figures();

  const load = new Load(server.request, random);
  const end = AbortSignal.any([stop, AbortSignal.timeout(seconds * 1000)]);
  const work = load.work(operations, clients, end);
  const samples: Sample[] = [];
  for (;;) {
    await sleep(SAMPLE_MS, end).catch(() => {});
    if (end.aborted) break;
    const sample = { ...(await figures()), ...told(load, samples.at(-1)?.seconds ?? 0) };
    samples.push(sample);
    onSample(sample);
  }
  const spent = load.seconds;
  await follow(work, stop);
  await follow(untilAtRest(server, figures), stop);
  const after = await figures();
  const wrong = [
    ...warmUp.wrong,
    ...load.wrong,
    ...(await auditHost(home.path, { server: pid })).map((orphan) => `left while the server runs: ${orphan}`),
  ];
  const status = await server.stop();
  if (status !== 0) wrong.push(`the server ended with status ${status}`);
  wrong.push(...(await auditHost(home.path)).map((orphan) => `left by the server: ${orphan}`));
  wrong.push(...faults(server.stdout), ...(server.stderr === '' ? [] : [`on stderr: ${server.stderr}`]));
  const { times, done, refused, kept } = load;
  return { seconds: spent, samples, before, after, times, done, refused, kept, wrong };
}

/** A minute, or a fifth of a short run. */
const warmUpMs = (seconds: number): number => Math.min(60, seconds / 5) * 1000;

/**
 * Ends the runners that clients left behind when an answer was wrong, and waits until nothing runs, the pool is full, and
 * what is behind that is done too.
 * @throws {Error} When it is not in time, with what there is.
 */
async function untilAtRest(server: ServerProcess, figures: () => Promise<Figures>): Promise<void> {
  const deadline = performance.now() + REST_DEADLINE_MS;
  for (;;) {
    const { body } = await server.request('/api/v1/runner');
    const runners = Array.isArray(body['runners']) ? body['runners'].filter(isRecord) : [];
    for (const { name, kind } of runners) {
      if (kind === 'persistent') await server.request(`/api/v1/runner/${String(name)}`, { method: 'DELETE' });
    }
    const { qemus } = await figures();
    if (runners.length === POOL && runners.every(({ kind }) => kind === 'ready') && qemus === POOL) break;
    if (performance.now() > deadline) {
      const states = runners.map(
        ({ name, kind, state }) => `${String(name)} ${String(kind)} ${String(state)}`,
      );
      throw new Error(`the server does not come to rest: ${qemus} QEMUs; ${states.join(', ')}`);
    }
    await sleep(500);
  }
  // The kernel frees descriptors and control groups behind a guest's end.
  await sleep(2_000);
}

function told(load: Load, since: number): Pick<Sample, 'seconds' | 'done' | 'wrong' | 'medianMs'> {
  const medians = [...load.times].map(([kind, points]) => {
    const late = points.filter(({ seconds }) => seconds >= since);
    return [kind, late.length === 0 ? null : median(late.map(({ value }) => value))] as const;
  });
  return {
    seconds: load.seconds,
    done: [...load.done.values()].reduce((sum, count) => sum + count, 0),
    wrong: load.wrong.length,
    medianMs: Object.fromEntries(medians.flatMap(([kind, ms]) => (ms === null ? [] : [[kind, ms]]))),
  };
}

/** Lines of the server's log that tell of a fault of its own. */
const faults = (log: string): string[] =>
  log.split('\n').flatMap((line) => (/"level":"(error|fatal)"/.test(line) ? [`in the log: ${line}`] : []));
