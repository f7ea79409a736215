/** What can go wrong for somebody who wants code run. Named for what happened; the HTTP edge gives each its status. */
import type { RunReceipt } from './receipt.ts';

export type FailureName =
  | 'RunnerNotAvailable'
  | 'runnerTimedOut'
  | 'runnerExecutionFailed'
  | 'runnerNotFound'
  | 'runNotFound'
  | 'runnerBusy'
  | 'unauthorized'
  | 'forbidden'
  | 'tooManyRequests'
  | 'payloadTooLarge'
  | 'invalidRequest'
  | 'notFound'
  | 'internal';

/** One thing that is wrong with a request. */
export type FieldProblem = {
  /** Where, as `body.time` or `query.time`. */
  readonly field: string;
  readonly expected: string;
  /** What came, shortened. */
  readonly received: string;
};

/** What the answer to a failed request holds besides name and message. */
export type FailureFacts = {
  readonly runner?: string;
  /** Id of the run on a runner that stays, which still tells of it. */
  readonly run?: string;
  /** Milliseconds from the request to its end. */
  readonly duration?: number;
  readonly details?: readonly FieldProblem[];
};

type FailureOptions = ErrorOptions & { readonly retryAfterSeconds?: number };

export class CodeLandError extends Error {
  override readonly name: FailureName;
  readonly facts: FailureFacts;
  /** Whole seconds after which a new try makes sense, where waiting helps. */
  readonly retryAfterSeconds: number | undefined;

  constructor(name: FailureName, message: string, facts: FailureFacts = {}, options: FailureOptions = {}) {
    super(message, options);
    this.name = name;
    this.facts = facts;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export class RunnerNotAvailableError extends CodeLandError {
  constructor(retryAfterSeconds: number) {
    super(
      'RunnerNotAvailable',
      'no fresh runner is available at this time; try again later',
      {},
      { retryAfterSeconds },
    );
  }
}

export class TooManyRequestsError extends CodeLandError {
  constructor(message: string, retryAfterSeconds: number) {
    super('tooManyRequests', message, {}, { retryAfterSeconds });
  }
}

/** What a program had printed, in the forms of the API. */
export type RunOutput = {
  /** Base64 of stdout and stderr as they were written, less one trailing newline. */
  readonly res: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
};

export class RunnerTimedOutError extends CodeLandError {
  readonly output: RunOutput;
  readonly receipt: RunReceipt;

  constructor(seconds: number, output: RunOutput, facts: FailureFacts, receipt: RunReceipt) {
    super('runnerTimedOut', `the code ran longer than ${seconds} s and was stopped`, facts);
    this.output = output;
    this.receipt = receipt;
  }
}
