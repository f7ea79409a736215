/** One run on one fresh guest, from the take to the answer. */
import { AgentLinkError, RunRefusedError } from '../guest/errors.ts';
import { nowMicros } from '../guest/ready.ts';
import type { ExitReport, Program } from '../protocol/messages.ts';
import { CodeLandError, RunnerTimedOutError, type RunOutput } from './errors.ts';
import { OutputCollector } from './output.ts';
import type { Lease, RunnerPool } from './pool.ts';
import type { RunReceipt } from './receipt.ts';

export type RunResult = RunOutput & {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The guest's kernel ended the program because it used up the guest's memory. */
  readonly outOfMemory: boolean;
  /** Milliseconds from the request to its end. */
  readonly duration: number;
  readonly runner: string;
  readonly receipt: RunReceipt;
};

export type RunLimits = {
  readonly seconds: number;
  readonly outputBytes: number;
  /** Aborted when the one who asked is gone; the guest is freed at once. */
  readonly signal: AbortSignal;
};

/**
 * How much longer than the program's own limit the guest may take to report, ms. A guest that is late has been
 * taken over or is stuck, and is ended from outside.
 */
const REPORT_GRACE_MS = 2_000;

/** A throw-away guest has one run; its warm-ups used other connections of the same counter before. */
const RUN_ID = 0;

/**
 * Runs a program on a guest of its own, which is gone afterwards.
 * @throws {RunnerNotAvailableError} When no guest is ready.
 * @throws {RunnerTimedOutError} When the program ran longer than its limit; carries what it had printed.
 * @throws {CodeLandError} `runnerExecutionFailed` when the guest or its agent was lost.
 * @throws The signal's reason when it is aborted.
 */
export async function runOnce(pool: RunnerPool, program: Program, limits: RunLimits): Promise<RunResult> {
  const began = performance.now();
  using lease = pool.take();
  const runner = lease.guest.name;
  const output = new OutputCollector();
  const duration = () => Math.round((performance.now() - began) * 1000) / 1000;
  const outcome = await execute(lease, program, limits, output).catch((cause: unknown) => {
    limits.signal.throwIfAborted();
    throw executionFailed(cause, { runner, duration: duration() });
  });
  if (outcome === 'late' || outcome.timedOut) {
    const truncated = outcome === 'late' ? false : outcome.truncated;
    throw new RunnerTimedOutError(limits.seconds, output.finish(truncated), { runner, duration: duration() });
  }
  return {
    ...output.finish(outcome.truncated),
    exitCode: outcome.code,
    signal: outcome.signal,
    outOfMemory: outcome.outOfMemory,
    duration: duration(),
    runner,
  };
}

/** The request is written and the guest resumed in one tick; whatever settles first decides. */
function execute(
  { guest }: Lease,
  program: Program,
  { seconds, outputBytes, signal }: RunLimits,
  output: OutputCollector,
): Promise<ExitReport | 'late'> {
  const timeLimitMs = seconds * 1000;
  const { promise, resolve, reject } = Promise.withResolvers<ExitReport | 'late'>();
  guest
    .run(
      {
        type: 'run',
        id: RUN_ID,
        warmUp: false,
        keep: false,
        nowMicros: nowMicros(),
        ...program,
        timeLimitMs,
        outputLimitBytes: outputBytes,
      },
      output.add,
    )
    .then(resolve, reject);
  guest.resume().catch(reject);
  const timer = setTimeout(() => resolve('late'), timeLimitMs + REPORT_GRACE_MS);
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

function executionFailed(cause: unknown, facts: { runner: string; duration: number }): CodeLandError {
  const why =
    cause instanceof RunRefusedError
      ? cause.message
      : cause instanceof AgentLinkError
        ? 'the runner was lost before the code ended'
        : 'the runner failed';
  return new CodeLandError('runnerExecutionFailed', why, facts, { cause });
}
