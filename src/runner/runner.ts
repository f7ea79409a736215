/** One guest in somebody's use, from the take to the end: what runs on it, how long it lives, what it cost. */
import { bootMs } from '../lib/boot-clock.ts';
import type { NetworkPolicy } from '../network/policy.ts';
import type { Program } from '../protocol/messages.ts';
import { CodeLandError } from './errors.ts';
import { Execution } from './execution.ts';
import { type FailedRun, whyFailed } from './failed-run.ts';
import type { Journal, JournaledRun } from './journal.ts';
import type { Lease } from './lease.ts';
import { type Elapsed, LifeClock } from './life-clock.ts';
import { OutputCollector } from './output.ts';
import {
  emptyResult,
  executionFailed,
  isGuestFailure,
  RUNNER_LOST,
  type RunContext,
  RunnerEndedError,
  type RunResult,
  runResult,
} from './result.ts';
import { RunLog, type RunView, runId } from './run-log.ts';
import type { Lifetime, RunTerms } from './terms.ts';
import type { RunnerView } from './view.ts';

export type RunnerOptions = {
  readonly lease: Lease;
  readonly ownerId: string;
  /** What its guest has been given. */
  readonly network: NetworkPolicy['mode'];
  /** None for a throw-away runner. */
  readonly lifetime: Lifetime | undefined;
  /** Where it is written down; a throw-away runner is not. */
  readonly journal: Journal;
  /** When it was made, milliseconds since 1970, and how long ago, if an earlier server did. */
  readonly createdAt?: number;
  readonly elapsed?: Elapsed;
  /** Runs under way at most. */
  readonly maxRuns: number;
  /** Told of the host CPU time it used since the last time, ms; never of none. */
  readonly onUsage: (cpuMs: number) => void;
  /** Told of each run that nobody ended: whether its guest failed it. */
  readonly onRun: (isFailed: boolean) => void;
  /** Offered the guest of a throw-away runner whose run failed: whether it is somebody else's from then on. */
  readonly keepFailed?: (failed: FailedRun) => boolean;
  /** Told once, as soon as nothing more can be run on it. */
  readonly onEnding: () => void;
  /** Told once, when its guest is gone. */
  readonly onGone: () => void;
};

/** One request for a run. */
export type RunCall = {
  readonly terms: RunTerms;
  /** What is given up when the one who asked is gone: the run alone, which the agent kills, or the wait itself. */
  readonly onLeave: 'kill' | 'abandon';
};

/** How long a guest may take to repeat the output of a run that is over, ms. */
const REPEAT_MS = 10_000;

export class Runner {
  readonly #options: RunnerOptions;
  readonly #createdAt: number;
  readonly #clock: LifeClock | undefined;
  readonly #log: RunLog | undefined;
  readonly #runs = new Set<Execution>();
  /** The one whose guest may be kept, and what went wrong with it. */
  #program: Program | undefined;
  #whyFailed: string | undefined;
  #nextRun = 1;
  #runsDone = 0;
  /** Begins no run any more; what happens once none is under way. */
  #whenIdle: (() => void) | undefined;
  #isLeft = false;
  #ended: Promise<void> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { lifetime, lease, journal, createdAt = Date.now(), elapsed } = options;
    this.#createdAt = createdAt;
    this.#clock = lifetime && new LifeClock(lifetime, (why) => void this.end(why), elapsed);
    this.#log = lifetime && new RunLog(lease.guest.name, journal);
    void lease.guest.lost.then(() => this.end(RUNNER_LOST));
  }

  get name(): string {
    return this.#options.lease.guest.name;
  }

  get ownerId(): string {
    return this.#options.ownerId;
  }

  /** It lives until it is deleted or expires. */
  get stays(): boolean {
    return this.#clock !== undefined;
  }

  /** Its guest was left to a later server. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  get isEnding(): boolean {
    return this.#ended !== undefined;
  }

  get view(): RunnerView {
    const { guest, template, history, proof, stats } = this.#options.lease;
    return {
      name: this.name,
      kind: this.#clock ? 'persistent' : 'once',
      inUse: true,
      state: history.now.state,
      owner: this.ownerId,
      createdAt: this.#createdAt,
      history: history.changes,
      template,
      proof,
      readyStats: stats,
      network: this.#options.network,
      guest,
      runsUnderWay: this.#runs.size,
      runsDone: this.#runsDone,
      idleLeftMs: this.#clock?.idleLeftMs ?? null,
      ageLeftMs: this.#clock?.ageLeftMs ?? null,
    };
  }

  /**
   * Runs a program.
   * @throws {CodeLandError} `runnerBusy` when it has as many runs as it may, or is ending; `runnerExecutionFailed`
   * when it was lost or ended in mid-run.
   * @throws {RunnerTimedOutError} When the program ran longer than its limit.
   * @throws The signal's reason when it is aborted.
   */
  async run(program: Program, { terms, onLeave }: RunCall): Promise<RunResult> {
    const { signal, watch } = terms;
    const { id, run } = this.#begin(program, terms);
    watch.sent();
    const context = this.#context(terms, this.#log && runId(id));
    const leave = () => (onLeave === 'kill' ? run.kill() : run.fail(signal.reason));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const report = await run.ended;
      watch.heard();
      signal.throwIfAborted();
      this.#options.onRun(report === 'late');
      this.#whyFailed = whyFailed(report);
      return runResult(report, run.output, context);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof CodeLandError) throw cause;
      const failed = executionFailed(cause, context);
      if (isGuestFailure(cause)) {
        this.#options.onRun(true);
        this.#whyFailed ??= failed.message;
      }
      throw failed;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#finish(run);
    }
  }

  /**
   * Lets the guest's CPU run, without a program.
   * @throws {CodeLandError} `runnerExecutionFailed` when it cannot.
   * @throws The signal's reason when it is aborted.
   */
  async wake({ terms }: RunCall): Promise<RunResult> {
    const { signal, watch } = terms;
    const context = this.#context(terms);
    this.#options.lease.history.move('RUNNING');
    const resumed = this.#options.lease.guest.resume();
    watch.sent();
    const failure = await resumed.then(
      () => watch.resumed(),
      (cause: unknown) => executionFailed(cause, context),
    );
    watch.heard();
    signal.throwIfAborted();
    if (failure) throw failure;
    return emptyResult(new OutputCollector(), context);
  }

  /** The runs that can be asked for, the oldest first. */
  get runs(): readonly RunView[] {
    return this.#log?.list ?? [];
  }

  /**
   * Takes up the runs that an earlier server began: their output and end come from the guest.
   * @param runs In the order of their numbers.
   */
  takeUp(runs: readonly JournaledRun[]): void {
    for (const journaled of runs) {
      const { end, ...begun } = journaled;
      const { number: id, outputBytes, seconds, startedBootMs } = begun;
      const leftMs = end ? REPEAT_MS : startedBootMs + seconds * 1000 - bootMs();
      const run = Execution.takeUp(this.#options.lease.guest, { id, outputBytes, leftMs });
      this.#log?.adopt(begun, run.output, end);
      this.#nextRun = id + 1;
      if (end) this.#runsDone += 1;
      else this.#enter(run);
      void this.#follow(id, run, end !== null).finally(() => (end ? run.output.settle() : this.#finish(run)));
    }
  }

  /** Tells of the CPU time it used since the last time. */
  charge(): void {
    if (!this.#ended) this.#charge();
  }

  /** Begins no run any more, and ends when none is under way. */
  drain(): void {
    this.#whenIdle = () => void this.end('the server is ending');
    if (this.#runs.size === 0) this.#whenIdle();
  }

  /** Begins no run any more, and when none is under way leaves its guest to a later server. */
  leave(): void {
    this.#whenIdle = () => this.#leave();
    if (this.#runs.size === 0) this.#whenIdle();
  }

  /**
   * Ends it at once. Runs under way fail; `why` is their message. Later calls wait for the first.
   * @returns When the guest is gone. Never rejects.
   */
  end(why: string): Promise<void> {
    this.#ended ??= this.#end(why);
    return this.#ended;
  }

  #leave(): void {
    if (this.#ended) return;
    this.#ended = Promise.resolve();
    this.#isLeft = true;
    this.#clock?.[Symbol.dispose]();
    this.#charge();
    this.#options.lease.release();
  }

  #end(why: string): Promise<void> {
    this.#clock?.[Symbol.dispose]();
    if (why === RUNNER_LOST && this.#runs.size > 0) this.#whyFailed = why;
    for (const run of this.#runs) run.fail(new RunnerEndedError(why));
    this.#options.onEnding();
    // The process's CPU time cannot be read after its end.
    this.#charge();
    const { lease, onGone } = this.#options;
    return (this.#isKept() ? Promise.resolve() : lease[Symbol.asyncDispose]()).then(onGone);
  }

  /** Whether somebody else has the guest now. */
  #isKept(): boolean {
    const { lease, ownerId, keepFailed } = this.#options;
    const [program, why] = [this.#program, this.#whyFailed];
    return program && why !== undefined ? (keepFailed?.({ lease, ownerId, program, why }) ?? false) : false;
  }

  #begin(program: Program, { seconds, outputBytes, watch }: RunTerms): { id: number; run: Execution } {
    const { lease, maxRuns, lifetime, keepFailed } = this.#options;
    if (this.#ended || this.#whenIdle) throw this.#busy('the runner is ending');
    if (this.#runs.size >= maxRuns) throw this.#busy(`the runner has ${maxRuns} runs under way already`);
    const resume = lease.history.now.state === 'READY';
    if (resume) lease.history.move('RUNNING');
    const id = this.#nextRun++;
    const output = new OutputCollector();
    this.#log?.begin({ number: id, seconds, outputBytes }, output);
    const keep = lifetime !== undefined;
    const isHeld = !keep && keepFailed !== undefined;
    if (isHeld) this.#program = program;
    const onResumed = () => watch.resumed();
    const order = { id, program, seconds, outputBytes, keep, resume, onResumed, isHeld };
    const run = Execution.begin(lease.guest, order, output);
    this.#enter(run);
    void this.#follow(id, run);
    return { id, run };
  }

  #enter(run: Execution): void {
    this.#runs.add(run);
    this.#clock?.stopIdle();
  }

  /** Writes down how a run ends. */
  async #follow(id: number, run: Execution, wasOver = false): Promise<void> {
    const report = await run.ended.catch(() => null);
    this.#log?.end(id, report);
    if (report === 'late' && !wasOver) void this.end('the runner no longer answered');
  }

  #finish(run: Execution): void {
    run.output.settle();
    this.#runs.delete(run);
    this.#runsDone += 1;
    if (this.#ended) return;
    if (this.#runs.size === 0) this.#clock?.startIdle();
    // In a turn of its own: the answer goes first.
    setImmediate(() => {
      if (!this.#clock) void this.end('the runner had its run');
      else if (this.#whenIdle && this.#runs.size === 0) this.#whenIdle();
      else this.charge();
    });
  }

  #charge(): void {
    const { lease, journal, lifetime, onUsage } = this.#options;
    const cpuMs = lease.cpu.take();
    if (!(cpuMs > 0)) return;
    onUsage(cpuMs);
    if (lifetime && lease.cpu.countedMs !== null) journal.charged(this.name, lease.cpu.countedMs);
  }

  #context({ seconds, bytesIn, outputBytes, watch }: RunTerms, run?: string): RunContext {
    return { runner: this.name, ...(run !== undefined && { run }), watch, seconds, bytesIn, outputBytes };
  }

  #busy(message: string): CodeLandError {
    return new CodeLandError('runnerBusy', message, { runner: this.name });
  }
}
