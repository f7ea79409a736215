/** What came of a request, as text that a later server can answer the same from. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { CodeLandError, type FailureName, type FieldProblem, RunnerTimedOutError } from '../runner/errors.ts';

/**
 * Whether a failure is final. One that is not came before anything was executed, so the same request may be tried
 * again; after a fault of the server nobody knows. A new failure without a decision does not compile.
 */
const IS_FINAL = {
  runnerExecutionFailed: true,
  runnerTimedOut: true,
  RunnerNotAvailable: false,
  runnerNotFound: false,
  runNotFound: false,
  runnerBusy: false,
  unauthorized: false,
  forbidden: false,
  tooManyRequests: false,
  payloadTooLarge: false,
  invalidRequest: false,
  notFound: false,
  internal: true,
} as const satisfies Record<FailureName, boolean>;

const FieldProblems = Type.Array(
  Type.Object({ field: Type.String(), expected: Type.String(), received: Type.String() }),
);

const Facts = Type.Object({
  runner: Type.Optional(Type.String()),
  run: Type.Optional(Type.String()),
  duration: Type.Optional(Type.Number()),
  details: Type.Optional(Type.Unsafe<readonly FieldProblem[]>(FieldProblems)),
});

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

const Outcome = Type.Union([
  Type.Object({ kind: Type.Literal('value'), value: Type.Unknown() }),
  Type.Object({ kind: Type.Literal('executionFailed'), message: Type.String(), facts: Facts }),
  Type.Object({
    kind: Type.Literal('timedOut'),
    message: Type.String(),
    facts: Facts,
    output: Type.Object({
      res: Type.String(),
      stdout: Type.String(),
      stderr: Type.String(),
      truncated: Type.Boolean(),
    }),
    receipt: Type.Object({
      queueMs: Type.Number(),
      takeMs: Type.Number(),
      agentMs: Type.Number(),
      execMs: NumberOrNull,
      totalMs: Type.Number(),
      cpuMs: NumberOrNull,
      peakMemoryBytes: NumberOrNull,
      bytesIn: Type.Number(),
      bytesOut: Type.Number(),
    }),
  }),
]);
export type Outcome = Static<typeof Outcome>;

export type FailedOutcome = Exclude<Outcome, { kind: 'value' }>;

export const executionFailed = (message: string): FailedOutcome => ({
  kind: 'executionFailed',
  message,
  facts: {},
});

/** The outcome of a request that failed, or undefined when it may be tried again. */
export function outcomeOf(error: unknown): FailedOutcome | undefined {
  if (!(error instanceof CodeLandError) || error.name === 'internal') {
    return executionFailed('the server failed while this request was under way; it is not run again');
  }
  if (!IS_FINAL[error.name]) return undefined;
  const { message, facts } = error;
  if (!(error instanceof RunnerTimedOutError)) return { kind: 'executionFailed', message, facts };
  return { kind: 'timedOut', message, facts, output: error.output, receipt: error.receipt };
}

/** The failure that an outcome tells of, as it was first thrown. */
export function errorOf(outcome: FailedOutcome): CodeLandError {
  if (outcome.kind === 'executionFailed') {
    return new CodeLandError('runnerExecutionFailed', outcome.message, outcome.facts);
  }
  const error = new RunnerTimedOutError(0, outcome.output, outcome.facts, outcome.receipt);
  error.message = outcome.message;
  return error;
}

export const encodeOutcome = (outcome: Outcome): string => JSON.stringify(outcome);

/** The outcome of a text, or undefined when another version wrote it in a form that is not known here. */
export function decodeOutcome(text: string): Outcome | undefined {
  try {
    const outcome: unknown = JSON.parse(text);
    return Value.Check(Outcome, outcome) ? outcome : undefined;
  } catch {
    return undefined;
  }
}
