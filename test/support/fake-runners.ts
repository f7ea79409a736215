/** Runners on guests without machines, and what they tell the rest of the service. */
import type { OutputListener } from '../../src/guest/agent-link.ts';
import { NO_NETWORK } from '../../src/network/policy.ts';
import type { ExitReport, Program, RunRequest } from '../../src/protocol/messages.ts';
import type { FailedGuests } from '../../src/runner/failed-run.ts';
import type { RunnerPool } from '../../src/runner/pool.ts';
import type { PoolOptions } from '../../src/runner/pool-options.ts';
import { Stopwatch } from '../../src/runner/receipt.ts';
import { Runners } from '../../src/runner/runners.ts';
import type { Lifetime, RunTerms } from '../../src/runner/terms.ts';
import { exitReport } from './agent-messages.ts';
import type { FakeGuest } from './fake-guest.ts';
import { fakeJournal } from './fake-journal.ts';
import { FakeTemplate } from './fake-template.ts';

export const PROGRAM: Program = {
  language: 'python',
  code: 'print(1)',
  stdin: 'in',
  args: ['-v'],
  env: { A: '1' },
  files: { 'a/b': 'c' },
};

export const LIFETIME: Lifetime = { idleSeconds: 100, maxAgeSeconds: 1_000 };

/** Terms of an owner without limits who does not wait. */
export const terms = (more: Partial<RunTerms> = {}): RunTerms => ({
  owner: { id: 'anna', maxRunners: null },
  seconds: 5,
  waitSeconds: 0,
  outputBytes: 100,
  network: NO_NETWORK,
  watch: new Stopwatch(),
  bytesIn: 10,
  signal: new AbortController().signal,
  ...more,
});

type FakeRunnersOptions = Partial<PoolOptions> & {
  readonly runsPerRunner?: number;
  readonly failedGuests?: FailedGuests;
  /** Called with each guest before it is ready. */
  readonly onGuest?: (guest: FakeGuest) => void;
};

export class FakeRunners implements AsyncDisposable {
  readonly template = new FakeTemplate();
  readonly journal = fakeJournal();
  readonly pool: RunnerPool;
  readonly runners: Runners;
  /** What owners were charged, in order. */
  readonly charged: (readonly [owner: string, cpuMs: number])[] = [];
  /** What was told of runs, in order: the template, and whether its guest failed the run. */
  readonly outcomes: (readonly [template: string, isFailed: boolean])[] = [];
  /** Called with each charge. */
  onUsage: () => void = () => {};

  private constructor({
    runsPerRunner = 3,
    onGuest = () => {},
    failedGuests,
    ...options
  }: FakeRunnersOptions) {
    this.template.onGuest = onGuest;
    this.pool = this.template.pool({ maxGuests: 10, refillWorkers: 10, ...options });
    this.runners = new Runners({
      pool: this.pool,
      journal: this.journal,
      runsPerRunner,
      ...(failedGuests && { failedGuests }),
      onUsage: (owner, cpuMs) => {
        this.charged.push([owner, cpuMs]);
        this.onUsage();
      },
      onRun: (...outcome) => this.outcomes.push(outcome),
      onFailure: (error) => this.template.failures.push(error),
    });
  }

  /** With so many ready guests, and no memory for more: a test that wants more gives it some. */
  static async start(ready: number, options: FakeRunnersOptions = {}): Promise<FakeRunners> {
    const fake = new FakeRunners({ target: ready, ...options });
    fake.pool.start();
    for (let guest = 0; guest < ready; guest += 1) await fake.template.finish();
    fake.template.memory = 0;
    return fake;
  }

  /** The guest that became ready at this place. */
  guest(index = 0): FakeGuest {
    const guest = this.template.guests[index];
    if (!guest) throw new Error(`there is no guest ${index}`);
    return guest;
  }

  /** Makes a persistent runner on the next ready guest, without a program. */
  async create(lifetime = LIFETIME, more: Partial<RunTerms> = {}): Promise<string> {
    return (await this.runners.create(undefined, lifetime, terms(more))).runner;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.runners[Symbol.asyncDispose]();
    while (this.template.waiting > 0) await this.template.fail();
    await ended;
  }
}

/** A run that the test ends. */
export type HeldRun = {
  readonly request: RunRequest;
  readonly print: OutputListener;
  readonly report: (more?: Partial<ExitReport>) => void;
  readonly fail: (cause: Error) => void;
};

/** Has the guest's runs wait for the test; gives them in the order they began. */
export function holdRuns(guest: FakeGuest): readonly HeldRun[] {
  const held: HeldRun[] = [];
  guest.onRun = (request, print) => {
    const { promise, resolve, reject } = Promise.withResolvers<ExitReport>();
    const report = (more: Partial<ExitReport> = {}) => resolve(exitReport(request.id, more));
    held.push({ request, print, report, fail: reject });
    return promise;
  };
  return held;
}
