/** The runners that somebody has: what the HTTP edge calls. */
import type { Program } from '../protocol/messages.ts';
import type { RunnerPool } from './pool.ts';
import type { RunResult } from './run.ts';
import type { Lifetime, RunTerms } from './terms.ts';
import type { RunnerView } from './view.ts';

export type RunnersOptions = {
  readonly pool: RunnerPool;
  /** Runs under way on one persistent runner at most. */
  readonly runsPerRunner: number;
  /** Told of the host CPU time that an owner's runner used since it was told last, ms. */
  readonly onUsage: (ownerId: string, cpuMs: number) => void;
  /** Told of usage that could not be charged. */
  readonly onFailure: (error: Error) => void;
};

export class Runners implements AsyncDisposable {
  readonly #options: RunnersOptions;

  constructor(options: RunnersOptions) {
    this.#options = options;
  }

  /**
   * Runs a program on a guest of its own, which is gone afterwards.
   * @throws {TooManyRequestsError} When the owner has as many runners as it may.
   * @throws {RunnerNotAvailableError} When no guest became ready in time.
   * @throws {RunnerTimedOutError} When the program ran longer than its limit; carries what it had printed.
   * @throws {CodeLandError} `runnerExecutionFailed` when the guest or its agent was lost.
   * @throws The signal's reason when it is aborted.
   */
  runOnce(_program: Program, _terms: RunTerms): Promise<RunResult> {
    throw new Error('to come');
  }

  /**
   * Makes a runner that stays, and runs its first program if there is one. Without one, the result has no output,
   * exit code or signal. A first program that runs too long leaves the runner, whose name is in the error's
   * facts; any other failure removes it.
   * @throws As {@link runOnce}.
   */
  create(_program: Program | undefined, _lifetime: Lifetime, _terms: RunTerms): Promise<RunResult> {
    throw new Error('to come');
  }

  /**
   * Runs a program on a runner of the owner's.
   * @throws {CodeLandError} `runnerNotFound`; `runnerBusy` when it has as many runs as it may, or is ending;
   * `runnerExecutionFailed` when it was lost or ended in mid-run.
   * @throws {RunnerTimedOutError} When the program ran longer than its limit; the runner stays usable.
   * @throws The signal's reason when it is aborted.
   */
  run(_name: string, _program: Program, _terms: RunTerms): Promise<RunResult> {
    throw new Error('to come');
  }

  /**
   * Ends a runner of the owner's at once, with the runs on it. Resolves when its guest is gone.
   * @throws {CodeLandError} `runnerNotFound`, also when it is being deleted already.
   */
  delete(_name: string, _ownerId: string): Promise<void> {
    throw new Error('to come');
  }

  /**
   * A runner of the owner's, or a ready one.
   * @throws {CodeLandError} `runnerNotFound`.
   */
  find(_name: string, _ownerId: string): RunnerView {
    throw new Error('to come');
  }

  /** All runners, whoever has them; those in use before the ready ones. */
  list(): RunnerView[] {
    throw new Error('to come');
  }

  /**
   * Closes the pool: no more guests, and those who wait for one are refused. Runs under way finish; then the
   * persistent runners end.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.pool[Symbol.asyncDispose]();
  }
}
