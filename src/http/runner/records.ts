/** The handlers of the routes that look at runs on a runner that stays. */
import { sleep } from '../../lib/deadline.ts';
import type { RunView } from '../../runner/run-log.ts';
import type { Runners } from '../../runner/runners.ts';
import { exchangeOf, principalOf } from '../exchange.ts';
import type { RunnerParams, RunParams, RunRecordQuery } from './request.ts';
import { describeRun, type RunList, type RunRecord, summarizeRun } from './run-record.ts';

type RunsCall = { readonly request: Request; readonly params: RunnerParams };
type RunCall = {
  readonly request: Request;
  readonly params: RunParams;
  readonly query: RunRecordQuery;
  /** Absent where the app is served by something else than Bun. */
  readonly server: { timeout(request: Request, seconds: number): void } | null;
};

export const recordHandlers = ({ runners }: { readonly runners: Runners }) => ({
  runs: ({ request, params }: RunsCall): RunList => {
    exchangeOf(request).runner = params.runner;
    return { runs: runners.runsOf(params.runner, principalOf(request).id).map(summarizeRun) };
  },

  run: async ({ request, params, query, server }: RunCall): Promise<RunRecord> => {
    const { from = 0, wait = 0 } = query;
    exchangeOf(request).runner = params.runner;
    const find = () => runners.findRun(params.runner, params.run, principalOf(request).id);
    if (wait > 0) server?.timeout(request, 0);
    return describeRun(await news(find, from, wait * 1000, request.signal), from);
  },
});

/** The run once it has output from the offset on, or is over, or the time is up. */
async function news(find: () => RunView, from: number, waitMs: number, left: AbortSignal): Promise<RunView> {
  const until = performance.now() + waitMs;
  for (;;) {
    const run = find();
    const restMs = until - performance.now();
    if (run.state !== 'running' || run.outputBytes > from || restMs <= 0) return run;
    const told = new AbortController();
    const late = sleep(restMs, AbortSignal.any([left, told.signal]));
    try {
      await Promise.race([run.change(), late]);
    } finally {
      told.abort();
      late.catch(() => {});
    }
  }
}
