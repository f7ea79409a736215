/** The runners that somebody has: what the HTTP edge calls. */
import { bootMs } from '../lib/boot-clock.ts';
import type { Program } from '../protocol/messages.ts';
import { CodeLandError, RunnerTimedOutError } from './errors.ts';
import type { FailedGuests } from './failed-run.ts';
import type { Journal, JournaledRunner } from './journal.ts';
import type { Lease } from './lease.ts';
import type { RunnerPool } from './pool.ts';
import type { RestoredGuest } from './refill.ts';
import { executionFailed, type RunResult } from './result.ts';
import type { RunView } from './run-log.ts';
import { type RunCall, Runner, type RunnerOptions } from './runner.ts';
import { Seats } from './seats.ts';
import type { Lifetime, Owner, RunTerms } from './terms.ts';
import { type RunnerView, readyView } from './view.ts';

export type RunnersOptions = {
  readonly pool: RunnerPool;
  readonly journal: Journal;
  /** Runs under way on one persistent runner at most. */
  readonly runsPerRunner: number;
  /** Told of the host CPU time that a runner of the owner's used since the last time, ms. */
  readonly onUsage: (ownerId: string, cpuMs: number) => void;
  /** Told of each run that nobody ended: the template of its guest, and whether that guest failed it. */
  readonly onRun?: (template: string, isFailed: boolean) => void;
  /** Takes the guests of one-shot runs that failed; disposed of with the runners. */
  readonly failedGuests?: FailedGuests;
  /** Told of usage that could not be charged. */
  readonly onFailure: (error: Error) => void;
};

/** How often runners are charged for at least, ms. */
const CHARGE_INTERVAL_MS = 60_000;
/** The longest that an owner with too many runners is told to wait: it may delete one at any time. */
const LONGEST_RETRY_SECONDS = 60;

export class Runners implements AsyncDisposable {
  readonly #options: RunnersOptions;
  readonly #runners = new Map<string, Runner>();
  readonly #seats = new Seats();
  readonly #chargeTimer: NodeJS.Timeout;
  #isClosing = false;

  constructor(options: RunnersOptions) {
    this.#options = options;
    this.#chargeTimer = setInterval(() => {
      for (const runner of this.#runners.values()) runner.charge();
    }, CHARGE_INTERVAL_MS).unref();
  }

  /**
   * Runs a program on a guest of its own, which is gone afterwards.
   * @throws {TooManyRequestsError} When the owner has as many runners as it may.
   * @throws {RunnerNotAvailableError} When no guest became ready in time.
   * @throws {RunnerTimedOutError} When the program ran longer than its limit; carries what it had printed.
   * @throws {CodeLandError} `runnerExecutionFailed` when the guest or its agent was lost, or the guest cannot be
   * given its network.
   * @throws The signal's reason when it is aborted.
   */
  async runOnce(program: Program, terms: RunTerms): Promise<RunResult> {
    terms.watch.begin();
    // Free before the answer: who asks for one after the other needs one seat.
    using seat = this.#takeSeat(terms.owner);
    const runner = await this.#claim(terms, seat, undefined);
    try {
      return await runner.run(program, { terms, onLeave: 'abandon' });
    } finally {
      this.#runners.delete(runner.name);
    }
  }

  /**
   * Makes a runner that stays, and runs its first program if there is one. Without one, the result has no output,
   * exit code or signal. A first program that runs too long leaves the runner, whose name is in the error's
   * facts; any other failure removes it.
   * @throws As {@link runOnce}.
   */
  async create(program: Program | undefined, lifetime: Lifetime, terms: RunTerms): Promise<RunResult> {
    terms.watch.begin();
    using stack = new DisposableStack();
    const seat = stack.use(this.#takeSeat(terms.owner));
    const runner = await this.#claim(terms, seat, lifetime);
    // The runner's own from here on.
    stack.move();
    const call = { terms, onLeave: 'abandon' } as const;
    try {
      return await (program ? runner.run(program, call) : this.#wake(runner, call));
    } catch (error) {
      if (!(error instanceof RunnerTimedOutError)) void runner.end('the runner was not needed');
      throw error;
    } finally {
      if (this.#isClosing) runner.drain();
    }
  }

  /**
   * Runs a program on a runner of the owner's.
   * @throws {CodeLandError} `runnerNotFound`; `runnerBusy` when it has as many runs as it may, or is ending;
   * `runnerExecutionFailed` when it was lost or ended in mid-run.
   * @throws {RunnerTimedOutError} When the program ran longer than its limit; the runner stays usable.
   * @throws The signal's reason when it is aborted.
   */
  async run(name: string, program: Program, terms: RunTerms): Promise<RunResult> {
    terms.watch.begin();
    const runner = this.#own(name, terms.owner.id);
    terms.signal.throwIfAborted();
    terms.watch.take(0);
    return runner.run(program, { terms, onLeave: 'kill' });
  }

  /**
   * Takes in a runner that stays which an earlier server had, with the runs under way on it and the latest that ended.
   * @param guest Its CPU runs.
   */
  adopt(guest: RestoredGuest, { runner: record, cpuMs, runs }: JournaledRunner): void {
    const { owner, lifetime, network, createdAt, createdBootMs } = record;
    const idleSince = Math.max(createdBootMs, ...runs.map(({ end }) => end?.endedBootMs ?? 0));
    const now = bootMs();
    const lease = this.#options.pool.adopt(guest, cpuMs);
    const elapsed = { ageMs: now - createdBootMs, idleMs: now - idleSince };
    const seat = this.#seats.adopt(owner);
    this.#enter({ lease, lifetime, ownerId: owner, network, createdAt, elapsed }, seat).takeUp(runs);
  }

  /**
   * The runs on a runner of the owner's: those under way, and the latest that ended; the oldest first.
   * @throws {CodeLandError} `runnerNotFound`.
   */
  runsOf(name: string, ownerId: string): readonly RunView[] {
    return this.#own(name, ownerId).runs;
  }

  /**
   * One of {@link runsOf}.
   * @throws {CodeLandError} `runnerNotFound`, or `runNotFound`.
   */
  findRun(name: string, id: string, ownerId: string): RunView {
    const run = this.runsOf(name, ownerId).find((each) => each.id === id);
    if (run) return run;
    throw new CodeLandError('runNotFound', 'there is no such run on this runner, or it is over for long', {
      runner: name,
    });
  }

  /**
   * Ends a runner of the owner's at once, with the runs on it. Resolves when its guest is gone.
   * @throws {CodeLandError} `runnerNotFound`, also when it is ending already.
   */
  async delete(name: string, ownerId: string): Promise<void> {
    const runner = this.#own(name, ownerId);
    if (runner.isEnding) throw notFound(name);
    await runner.end('the runner was deleted before the code ended');
  }

  /**
   * A runner of the owner's, or a ready one.
   * @throws {CodeLandError} `runnerNotFound`.
   */
  find(name: string, ownerId: string): RunnerView {
    const ready = this.#options.pool.ready.find(({ guest }) => guest.name === name);
    return ready ? readyView(ready) : this.#own(name, ownerId).view;
  }

  /** All runners, whoever has them; those in use before the ready ones. */
  list(): RunnerView[] {
    return [
      ...[...this.#runners.values()].map(({ view }) => view),
      ...this.#options.pool.ready.map(readyView),
    ];
  }

  /**
   * Closes the pool at once: no more guests, and those who wait for one are refused. Runs under way finish, and
   * then every runner ends.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const closed = this.#closePool();
    for (const runner of this.#runners.values()) runner.drain();
    await closed;
    clearInterval(this.#chargeTimer);
  }

  /**
   * As its disposal, but those that stay are left to a later server, once no run is under way on them.
   * @returns How many.
   */
  async leave(): Promise<number> {
    this.#isClosing = true;
    const left = [...this.#runners.values()].filter(({ stays }) => stays);
    const closed = this.#closePool();
    for (const runner of this.#runners.values()) {
      if (runner.stays) runner.leave();
      else runner.drain();
    }
    await closed;
    clearInterval(this.#chargeTimer);
    return left.filter(({ isLeft }) => isLeft).length;
  }

  async #claim(terms: RunTerms, seat: Disposable, lifetime: Lifetime | undefined): Promise<Runner> {
    const lease = await this.#options.pool.claim(terms);
    await this.#connect(lease, terms);
    terms.watch.take(lease.queueMs);
    const { journal } = this.#options;
    const { name } = lease.guest;
    const network = terms.network.mode;
    const createdAt = Date.now();
    if (lifetime) {
      const { guest, template, history, proof, stats } = lease;
      journal.made({
        name,
        owner: terms.owner.id,
        template,
        guestNumber: guest.number,
        network,
        lifetime,
        createdAt,
        createdBootMs: bootMs(),
        history: history.changes,
        proof,
        readyStats: stats,
      });
    }
    return this.#enter({ lease, lifetime, ownerId: terms.owner.id, network, createdAt }, seat);
  }

  /** @param seat Given back when the runner ends. */
  #enter(
    options: Pick<RunnerOptions, 'lease' | 'lifetime' | 'ownerId' | 'network' | 'createdAt' | 'elapsed'>,
    seat: Disposable,
  ): Runner {
    const { lease, lifetime, ownerId } = options;
    const { name } = lease.guest;
    const { journal, runsPerRunner, failedGuests } = this.#options;
    const runner = new Runner({
      ...options,
      ...(failedGuests && { keepFailed: (failed) => failedGuests.offer(failed) }),
      journal,
      maxRuns: lifetime ? runsPerRunner : 1,
      onUsage: (cpuMs) => this.#charge(ownerId, cpuMs),
      onRun: (isFailed) => this.#options.onRun?.(lease.template, isFailed),
      onEnding: () => seat[Symbol.dispose](),
      onGone: () => {
        this.#runners.delete(name);
        if (lifetime) journal.gone(name);
      },
    });
    this.#runners.set(name, runner);
    return runner;
  }

  /** Resolves when all guests are gone, those of failed runs included. */
  async #closePool(): Promise<void> {
    const { pool, failedGuests } = this.#options;
    await Promise.all([failedGuests?.[Symbol.asyncDispose](), pool[Symbol.asyncDispose]()]);
  }

  #wake(runner: Runner, call: RunCall): Promise<RunResult> {
    return this.#options.pool.watchdog.within('waking', runner.name, runner.wake(call));
  }

  /**
   * Gives a guest its network, before anybody can run anything on it: then nothing ever runs with less. Without one
   * there is nothing to be done. The lease ends when it fails.
   */
  async #connect(lease: Lease, { network, signal, watch }: RunTerms): Promise<void> {
    if (network.mode === 'none') return;
    try {
      const { watchdog } = this.#options.pool;
      await watchdog.within('connecting', lease.guest.name, lease.guest.connect(network));
      signal.throwIfAborted();
    } catch (cause) {
      void lease[Symbol.asyncDispose]();
      signal.throwIfAborted();
      throw executionFailed(cause, { runner: lease.guest.name, watch });
    }
  }

  #takeSeat(owner: Owner): Disposable {
    return this.#seats.take(owner, () => this.#retryAfterSeconds(owner.id));
  }

  /** When a runner of the owner's ends by itself; one with a single run is taken to end soon. */
  #retryAfterSeconds(ownerId: string): number {
    const lasting = [...this.#runners.values()]
      .map(({ view }) => view)
      .filter(({ owner, kind }) => owner === ownerId && kind === 'persistent');
    if (lasting.length < this.#seats.taken(ownerId)) return 1;
    const leftMs = lasting.flatMap(({ idleLeftMs, ageLeftMs }) => [
      idleLeftMs ?? Infinity,
      ageLeftMs ?? Infinity,
    ]);
    return Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(Math.min(...leftMs) / 1000)));
  }

  #charge(ownerId: string, cpuMs: number): void {
    try {
      this.#options.onUsage(ownerId, cpuMs);
    } catch (cause) {
      this.#options.onFailure(new Error(`${Math.round(cpuMs)} ms of CPU time were not charged`, { cause }));
    }
  }

  #own(name: string, ownerId: string): Runner {
    const runner = this.#runners.get(name);
    if (runner?.ownerId !== ownerId) throw notFound(name);
    return runner;
  }
}

const notFound = (name: string) =>
  new CodeLandError('runnerNotFound', 'there is no such runner', { runner: name });
