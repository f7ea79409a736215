/** From an error to its answer: the one place that knows both. */
import { Elysia, ParseError, type ValidationError } from 'elysia';
import {
  CodeLandError,
  type FieldProblem,
  RunnerNotAvailableError,
  RunnerTimedOutError,
} from '../runner/errors.ts';
import { FAILURE_STATUS } from './failure.ts';

const MAX_PROBLEMS = 20;
const MAX_RECEIVED = 80;

/** The answer to a client that has hung up; nobody reads it. */
const GONE = new CodeLandError('runnerExecutionFailed', 'the client went away');

/** @param onFault Told of each error that is the server's own. */
export const errors = (onFault: (error: unknown) => void) =>
  new Elysia({ name: 'errors' }).onError({ as: 'global' }, ({ code, error, set, request }) => {
    const isGone = request.signal.aborted && error === request.signal.reason;
    const failure = isGone ? GONE : toFailure(code, error, onFault);
    set.status = FAILURE_STATUS[failure.name];
    if (failure instanceof RunnerNotAvailableError) {
      set.headers['retry-after'] = String(failure.retryAfterSeconds);
    }
    if (failure.name === 'unauthorized') set.headers['www-authenticate'] = 'Bearer';
    const output = failure instanceof RunnerTimedOutError ? failure.output : {};
    return { name: failure.name, message: failure.message, ...failure.facts, ...output };
  });

function toFailure(code: string | number, error: unknown, onFault: (error: unknown) => void): CodeLandError {
  if (error instanceof CodeLandError) return error;
  // What a body's reader throws comes wrapped.
  if (error instanceof ParseError && error.cause instanceof CodeLandError) return error.cause;
  // The connection broke, or the chunks of the body are malformed.
  if (code === 'PARSE') return new CodeLandError('invalidRequest', 'the body could not be read to its end');
  if (code === 'NOT_FOUND') return new CodeLandError('notFound', 'no such route');
  if (isValidation(code, error) && error.type !== 'response') {
    const details = problems(error);
    const named = details.map(({ field, expected }) => `${field}: expected ${expected}`).join('; ');
    return new CodeLandError('invalidRequest', `the request is of the wrong form: ${named}`, { details });
  }
  onFault(error);
  return new CodeLandError('internal', 'the server failed to answer; the fault has been logged');
}

const isValidation = (code: string | number, error: unknown): error is ValidationError =>
  code === 'VALIDATION' && error instanceof Error;

/** A problem for each field, the first that was found in it. */
function problems(error: ValidationError): FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  for (const problem of error.all) {
    if (!('path' in problem) || found.size >= MAX_PROBLEMS) continue;
    const field = fieldName(error.type, problem.path);
    if (found.has(field)) continue;
    found.set(field, {
      field,
      expected: expectation(problem.path, problem.schema, problem.message),
      received: shorten(problem.value),
    });
  }
  return [...found.values()];
}

/** `body.files["../x"]` for the JSON pointer (RFC 6901) `/files/..~1x`. */
function fieldName(part: string, pointer: string): string {
  // Elysia names no field for a number in the query that is out of its range; `time` is the only one.
  if (part === 'property') return 'query.time';
  if (pointer === '') return part;
  const names = pointer.slice(1).split('/');
  return names.reduce((path, name) => {
    const plain = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\w+$/.test(plain) ? `${path}.${plain}` : `${path}[${JSON.stringify(plain)}]`;
  }, part);
}

/** What the names in a record of the body must be like. */
const RECORD_NAMES: ReadonlyMap<string, string> = new Map([
  ['files', 'a relative path that stays in the working directory, without empty, "." or ".." parts'],
  ['env', 'a name of letters, digits and underscores that begins with no digit'],
]);

function expectation(pointer: string, schema: Record<string, unknown>, message: string): string {
  const { minimum, maximum, pattern } = schema;
  if (typeof minimum === 'number' && typeof maximum === 'number') {
    return `a whole number from ${minimum} to ${maximum}`;
  }
  if (typeof pattern === 'string' && pattern.includes('u0000')) return 'a string without NUL characters';
  if (message === 'Unexpected property')
    return RECORD_NAMES.get(pointer.split('/')[1] ?? '') ?? 'no such field';
  if (message === 'Expected required property') return 'a value (the field is required)';
  return message.replace(/^Expected /, '');
}

function shorten(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MAX_RECEIVED ? `${text.slice(0, MAX_RECEIVED)}…` : text;
}
