/** The one shape of every answer that is not the one asked for. */
import { Type } from '@sinclair/typebox';
import type { FailureName } from '../runner/errors.ts';
import * as examples from './examples.ts';
import { Duration, Output, Receipt, RunId } from './output.ts';

/** Status of each failure. A new failure without a status does not compile. */
export const FAILURE_STATUS = {
  RunnerNotAvailable: 503,
  runnerTimedOut: 498,
  runnerExecutionFailed: 400,
  runnerNotFound: 404,
  runNotFound: 404,
  runnerBusy: 409,
  unauthorized: 401,
  forbidden: 403,
  tooManyRequests: 429,
  notFound: 404,
  payloadTooLarge: 413,
  invalidRequest: 422,
  internal: 500,
} as const satisfies Record<FailureName, number>;

const FieldProblems = Type.Array(
  Type.Object({
    field: Type.String({ description: 'Where, as `body.code`, `query.time` or `header.idempotency-key`.' }),
    expected: Type.String(),
    received: Type.String({ description: 'What came, shortened.' }),
  }),
  { description: 'Each field that is wrong.' },
);

const facts = {
  message: Type.String({ description: 'A sentence for people.' }),
  runner: Type.Optional(Type.String({ description: 'Name of the runner that this is about.' })),
  run: Type.Optional(RunId),
  duration: Type.Optional(Duration),
  details: Type.Optional(FieldProblems),
};

const failure = <const N extends FailureName>(name: N, description: string) =>
  Type.Object({ name: Type.Literal(name), ...facts }, { description });

export const Unauthorized = failure('unauthorized', 'No key was given, or one that is unknown or revoked.');
export const Forbidden = failure('forbidden', 'This key may not do this.');
export const RunnerNotFound = failure('runnerNotFound', 'There is no such runner, or it is not this key’s.');
export const RunNotFound = Type.Object(
  { name: Type.Union([Type.Literal('runnerNotFound'), Type.Literal('runNotFound')]), ...facts },
  { description: 'There is no such runner, or no such run on it: the latest that are over are known.' },
);
export const RunnerBusy = failure('runnerBusy', 'The runner cannot do this in its present state.');
export const PayloadTooLarge = failure('payloadTooLarge', 'The body is over the limit.');
export const InvalidRequest = failure(
  'invalidRequest',
  'A part of the request is of the wrong form; `details` names each.',
);
export const TooManyRequests = failure(
  'tooManyRequests',
  'The key’s rate or quota is used up; `Retry-After` says when to try again.',
);
export const RunnerNotAvailable = failure(
  'RunnerNotAvailable',
  'No fresh runner at this time; `Retry-After` says when to try again.',
);
export const RunnerExecutionFailed = failure(
  'runnerExecutionFailed',
  'The runner was lost for a reason that is not the code’s own end.',
);
export const Internal = failure('internal', 'A fault of the server.');

export const RunnerTimedOut = Type.Object(
  { name: Type.Literal('runnerTimedOut'), ...facts, ...Output, receipt: Receipt },
  {
    description: 'The code ran longer than `time`; with what it had printed until then.',
    examples: [examples.runnerTimedOut],
  },
);
