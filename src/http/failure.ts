/** The one shape of every answer that is not the one asked for, and the map of a route's answers. */
import { type TSchema, t } from 'elysia';
import type { FailureName } from '../runner/errors.ts';

const Duration = t.Number({ description: 'Milliseconds from the request to its end.' });

const FieldProblems = t.Array(
  t.Object({
    field: t.String({ description: 'Where, as `body.code` or `query.time`.' }),
    expected: t.String(),
    received: t.String({ description: 'What came, shortened.' }),
  }),
);

const facts = {
  message: t.String({ description: 'A sentence for people.' }),
  runner: t.Optional(t.String()),
  duration: t.Optional(Duration),
  details: t.Optional(FieldProblems),
};

const Failure = <const N extends FailureName>(name: N, description: string) =>
  t.Object({ name: t.Literal(name), ...facts }, { description });

const Output = {
  res: t.String({ description: 'Base64 of what was printed, less one trailing newline.' }),
  stdout: t.String(),
  stderr: t.String(),
  truncated: t.Boolean({ description: 'More was printed than is shown.' }),
};

const TimedOut = t.Object(
  { name: t.Literal('runnerTimedOut'), ...facts, ...Output },
  { description: 'The code ran longer than `time`; with what it had printed until then.' },
);

/** Status of each failure. A new failure without a status does not compile. */
export const FAILURE_STATUS = {
  RunnerNotAvailable: 503,
  runnerTimedOut: 498,
  runnerExecutionFailed: 400,
  runnerNotFound: 404,
  runnerBusy: 409,
  unauthorized: 401,
  forbidden: 403,
  tooManyRequests: 429,
  notFound: 404,
  payloadTooLarge: 413,
  invalidRequest: 422,
  internal: 500,
} as const satisfies Record<FailureName, number>;

/** Answers of any route behind a key. */
export const answers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  401: Failure('unauthorized', 'No key was given, or an unknown one.'),
  422: Failure('invalidRequest', 'A part of the request is of the wrong form; `details` names each.'),
  500: Failure('internal', 'A fault of the server.'),
});

/** Answers of a route that runs code. */
export const runAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  ...answers(ok),
  200: ok,
  400: Failure('runnerExecutionFailed', 'The runner was lost for a reason that is not the code’s own.'),
  413: Failure('payloadTooLarge', 'The body is over the limit.'),
  498: TimedOut,
  503: Failure('RunnerNotAvailable', 'No fresh runner at this time; `Retry-After` says when to try again.'),
});

export const RunResult = t.Object({
  ...Output,
  exitCode: t.Nullable(t.Integer({ description: 'Exit status, or null when a signal ended the program.' })),
  signal: t.Nullable(t.String({ description: 'Name of the signal that ended the program, or null.' })),
  outOfMemory: t.Boolean({ description: 'The program was ended because it used up its memory.' }),
  duration: Duration,
  runner: t.String({ description: 'Name of the runner that ran the code.' }),
});
