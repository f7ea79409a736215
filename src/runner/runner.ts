/** One guest in somebody's use, from the take to the end: what runs on it, how long it lives, what it cost. */
import type { NetworkPolicy } from '../network/policy.ts';
import type { Program } from '../protocol/messages.ts';
import { CodeLandError } from './errors.ts';
import { Execution } from './execution.ts';
import type { Lease } from './lease.ts';
import { LifeClock } from './life-clock.ts';
import { OutputCollector } from './output.ts';
import type { Stopwatch } from './receipt.ts';
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
import type { Lifetime, RunTerms } from './terms.ts';
import type { RunnerView } from './view.ts';

export type RunnerOptions = {
  readonly lease: Lease;
  readonly ownerId: string;
  /** What its guest has been given. */
  readonly network: NetworkPolicy['mode'];
  /** None for a throw-away runner. */
  readonly lifetime: Lifetime | undefined;
  /** Runs under way at most. */
  readonly maxRuns: number;
  /** Told of the host CPU time it used since the last time, ms; never of none. */
  readonly onUsage: (cpuMs: number) => void;
  /** Told of each run that nobody ended: whether its guest failed it. */
  readonly onRun: (isFailed: boolean) => void;
  /** Told once, as soon as nothing more can be run on it. */
  readonly onEnding: () => void;
  /** Told once, when its guest is gone. */
  readonly onGone: () => void;
};

/** One request for a run. */
export type RunCall = {
  readonly terms: RunTerms;
  readonly watch: Stopwatch;
  /** What is given up when the one who asked is gone: the run alone, which the agent kills, or the wait itself. */
  readonly onLeave: 'kill' | 'abandon';
};

export class Runner {
  readonly #options: RunnerOptions;
  readonly #createdAt = Date.now();
  readonly #clock: LifeClock | undefined;
  readonly #runs = new Set<Execution>();
  #nextRunId = 0;
  #runsDone = 0;
  #isDraining = false;
  #ended: Promise<void> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { lifetime, lease } = options;
    this.#clock = lifetime && new LifeClock(lifetime, (why) => void this.end(why));
    void lease.guest.lost.then(() => this.end(RUNNER_LOST));
  }

  get name(): string {
    return this.#options.lease.guest.name;
  }

  get ownerId(): string {
    return this.#options.ownerId;
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
  async run(program: Program, { terms, watch, onLeave }: RunCall): Promise<RunResult> {
    const { signal } = terms;
    const context = this.#context(terms, watch);
    const run = this.#begin(program, terms);
    const leave = () => (onLeave === 'kill' ? run.kill() : run.fail(signal.reason));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    try {
      const report = await run.ended;
      if (report === 'late') void this.end('the runner no longer answered');
      signal.throwIfAborted();
      this.#options.onRun(report === 'late');
      return runResult(report, run.output, context);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof CodeLandError) throw cause;
      if (isGuestFailure(cause)) this.#options.onRun(true);
      throw executionFailed(cause, context);
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
  async wake({ terms, watch }: RunCall): Promise<RunResult> {
    const context = this.#context(terms, watch);
    this.#options.lease.history.move('RUNNING');
    const failure = await this.#options.lease.guest.resume().then(
      () => undefined,
      (cause: unknown) => executionFailed(cause, context),
    );
    terms.signal.throwIfAborted();
    if (failure) throw failure;
    return emptyResult(new OutputCollector(), context);
  }

  /** Tells of the CPU time it used since the last time. */
  charge(): void {
    if (!this.#ended) this.#charge();
  }

  /** Begins no run any more, and ends when none is under way. */
  drain(): void {
    this.#isDraining = true;
    if (this.#runs.size === 0) void this.end('the server is ending');
  }

  /**
   * Ends it at once. Runs under way fail; `why` is their message. Later calls wait for the first.
   * @returns When the guest is gone. Never rejects.
   */
  end(why: string): Promise<void> {
    this.#ended ??= this.#end(why);
    return this.#ended;
  }

  #end(why: string): Promise<void> {
    this.#clock?.[Symbol.dispose]();
    for (const run of this.#runs) run.fail(new RunnerEndedError(why));
    this.#options.onEnding();
    // The process's CPU time cannot be read after its end.
    this.#charge();
    return this.#options.lease[Symbol.asyncDispose]().then(this.#options.onGone);
  }

  #begin(program: Program, { seconds, outputBytes }: RunTerms): Execution {
    const { lease, maxRuns, lifetime } = this.#options;
    if (this.#ended || this.#isDraining) throw this.#busy('the runner is ending');
    if (this.#runs.size >= maxRuns) throw this.#busy(`the runner has ${maxRuns} runs under way already`);
    const resume = lease.history.now.state === 'READY';
    if (resume) lease.history.move('RUNNING');
    this.#clock?.stopIdle();
    const id = this.#nextRunId++;
    const run = new Execution(lease.guest, {
      id,
      program,
      seconds,
      outputBytes,
      keep: lifetime !== undefined,
      resume,
    });
    this.#runs.add(run);
    return run;
  }

  #finish(run: Execution): void {
    this.#runs.delete(run);
    this.#runsDone += 1;
    if (this.#ended) return;
    if (this.#runs.size === 0) this.#clock?.startIdle();
    // In a turn of its own: the answer goes first.
    setImmediate(() => {
      if (!this.#clock) void this.end('the runner had its run');
      else if (this.#isDraining) this.drain();
      else this.charge();
    });
  }

  #charge(): void {
    const cpuMs = this.#options.lease.cpu.take();
    if (cpuMs > 0) this.#options.onUsage(cpuMs);
  }

  #context({ seconds, bytesIn }: RunTerms, watch: Stopwatch): RunContext {
    return { runner: this.name, watch, seconds, bytesIn };
  }

  #busy(message: string): CodeLandError {
    return new CodeLandError('runnerBusy', message, { runner: this.name });
  }
}
