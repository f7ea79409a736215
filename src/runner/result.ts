/** What a run answers with, however it ended. */
import { AgentLinkError, RunRefusedError } from '../guest/errors.ts';
import { CodeLandError, RunnerTimedOutError, type RunOutput } from './errors.ts';
import type { Ending } from './execution.ts';
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
  /** Bytes of output that are kept. */
  readonly outputBytes: number;
};

/**
 * The result of a run that has ended.
 * @throws {RunnerTimedOutError} When it took too long.
 */
export function runResult(
  ending: Ending,
  output: OutputCollector,
  { watch, seconds, bytesIn, outputBytes, ...context }: RunContext,
): RunResult {
  const which = nameOf(context);
  const report = typeof ending === 'string' ? null : ending;
  const receipt = watch.receipt(report, bytesIn, output.bytes);
  const duration = receipt.totalMs;
  // Of a run that is held nobody says whether it printed more than the most.
  const isFull = ending === 'held' && output.bytes >= outputBytes;
  const printed = output.finish(report?.truncated ?? isFull);
  if (!report || report.timedOut) {
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
