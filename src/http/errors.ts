/** From an error to its answer: the one place that knows both. */
import { Elysia, ParseError, type ValidationError } from 'elysia';
import { CodeLandError, RunnerTimedOutError } from '../runner/errors.ts';
import { isStoreTrouble } from '../store/errors.ts';
import { exchangeOf } from './exchange.ts';
import { FAILURE_STATUS } from './failure.ts';
import { isReplay } from './idempotency.ts';
import { wrongForm } from './problems.ts';
import { tellReceipt, tellReplayed, tellRun } from './receipt.ts';

/** The answer to a client that has hung up; nobody reads it. */
const GONE = new CodeLandError('runnerExecutionFailed', 'the client went away');

/** How soon a new try makes sense, seconds: a program that holds the database does not do so for long. */
const STORE_RETRY_SECONDS = 5;

const NO_STORE = new CodeLandError(
  'RunnerNotAvailable',
  'the server cannot use its database at this time; nothing was executed',
  {},
  { retryAfterSeconds: STORE_RETRY_SECONDS },
);

/** Told of each error that is the server's own. @param requestId Of the request that met it. */
type OnFault = (error: unknown, requestId: string) => void;

export const errors = (onFault: OnFault) =>
  new Elysia({ name: 'errors' }).onError({ as: 'global' }, ({ code, error, set, request }) => {
    const isGone = request.signal.aborted && error === request.signal.reason;
    const known = exchangeOf(request);
    const failure = isGone ? GONE : toFailure(code, error, (fault) => onFault(fault, known.id));
    known.failure = failure.name;
    known.runner ??= failure.facts.runner;
    set.status = FAILURE_STATUS[failure.name];
    if (failure.retryAfterSeconds !== undefined) {
      set.headers['retry-after'] = String(failure.retryAfterSeconds);
    }
    if (failure.facts.run !== undefined) tellRun(set.headers, failure.facts.run);
    if (failure.name === 'unauthorized') set.headers['www-authenticate'] = 'Bearer';
    const answer = { name: failure.name, message: failure.message, ...failure.facts };
    const replayed = isReplay(failure);
    if (replayed) tellReplayed(set.headers);
    if (!(failure instanceof RunnerTimedOutError)) return answer;
    const { receipt, output } = failure;
    if (!replayed) tellReceipt(request, set.headers, receipt);
    return { ...answer, ...output, receipt };
  });

function toFailure(code: string | number, error: unknown, onFault: (fault: unknown) => void): CodeLandError {
  if (error instanceof CodeLandError) return error;
  // What a body's reader throws comes wrapped.
  if (error instanceof ParseError && error.cause instanceof CodeLandError) return error.cause;
  // The connection broke, or the chunks of the body are malformed.
  if (code === 'PARSE') return new CodeLandError('invalidRequest', 'the body could not be read to its end');
  if (code === 'NOT_FOUND') return new CodeLandError('notFound', 'no such route');
  if (isValidation(code, error) && error.type !== 'response') {
    return wrongForm(error.type, error.all);
  }
  onFault(error);
  // It is asked before anything is executed, and what is written later fails nobody's request.
  if (isStoreTrouble(error)) return NO_STORE;
  return new CodeLandError('internal', 'the server failed to answer; the fault has been logged');
}

const isValidation = (code: string | number, error: unknown): error is ValidationError =>
  code === 'VALIDATION' && error instanceof Error;
