/** What a run answers with, however it ended. */
import { AgentLinkError, RunRefusedError } from '../guest/errors.ts';
import type { ExitReport } from '../protocol/messages.ts';
import { CodeLandError, RunnerTimedOutError, type RunOutput } from './errors.ts';
import type { OutputCollector } from './output.ts';
import type { RunReceipt, Stopwatch } from './receipt.ts';

export type RunResult = RunOutput & {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The guest's kernel ended the program because it used up the guest's memory. */
  readonly outOfMemory: boolean;
  /** Milliseconds from the request to its end. */
  readonly duration: number;
  readonly runner: string;
  /** Names the run on its runner; only one that stays knows it afterwards. */
  readonly run?: string;
  readonly receipt: RunReceipt;
};

/** A runner ended while it was needed. The message is for the one who needed it. */
export class RunnerEndedError extends Error {
  override readonly name = 'RunnerEndedError';
}

/** What is known of a request besides its outcome. */
export type RunContext = {
  readonly runner: string;
  /** Of a run that its runner knows afterwards. */
  readonly run?: string;
  readonly watch: Stopwatch;
  readonly seconds: number;
  readonly bytesIn: number;
};

/**
 * The result of a run that was reported, or should have been.
 * @throws {RunnerTimedOutError} When it took too long.
 */
export function runResult(
  report: ExitReport | 'late',
  output: OutputCollector,
  { watch, seconds, bytesIn, ...context }: RunContext,
): RunResult {
  const which = nameOf(context);
  const isLate = report === 'late';
  const receipt = watch.receipt(isLate ? null : report, bytesIn, output.bytes);
  const duration = receipt.totalMs;
  const printed = output.finish(!isLate && report.truncated);
  if (isLate || report.timedOut) {
    throw new RunnerTimedOutError(seconds, printed, { ...which, duration }, receipt);
  }
  const { code: exitCode, signal, outOfMemory } = report;
  return { ...printed, exitCode, signal, outOfMemory, duration, ...which, receipt };
}

/** The result of a request that runs nothing. */
export function emptyResult(output: OutputCollector, { runner, watch, bytesIn }: RunContext): RunResult {
  const receipt = watch.receipt(null, bytesIn, 0);
  const printed = output.finish(false);
  const duration = receipt.totalMs;
  return { ...printed, exitCode: null, signal: null, outOfMemory: false, duration, runner, receipt };
}

/** Which run it is, as far as somebody can ask for it. */
const nameOf = ({ runner, run }: Pick<RunContext, 'runner' | 'run'>) => ({
  runner,
  ...(run !== undefined && { run }),
});

/** The error for a run that ended in none of the ways that a program ends. */
export function executionFailed(
  cause: unknown,
  { watch, ...context }: Pick<RunContext, 'runner' | 'run' | 'watch'>,
): CodeLandError {
  const facts = { ...nameOf(context), duration: watch.elapsedMs };
  return new CodeLandError('runnerExecutionFailed', reason(cause), facts, { cause });
}

/** Whether a run that failed of this did so for its guest's sake: it was not ended by somebody. */
export const isGuestFailure = (cause: unknown): boolean =>
  !(cause instanceof RunnerEndedError) || cause.message === RUNNER_LOST;

function reason(cause: unknown): string {
  if (cause instanceof RunRefusedError || cause instanceof RunnerEndedError) return cause.message;
  return cause instanceof AgentLinkError ? RUNNER_LOST : 'the runner failed';
}

export const RUNNER_LOST = 'the runner was lost before the code ended';
