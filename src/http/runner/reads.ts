/** The handlers of the routes that look at runners, or end one. */
import { mapAtMost } from '../../lib/concurrently.ts';
import type { Runners } from '../../runner/runners.ts';
import type { RunnerView } from '../../runner/view.ts';
import { readWorkerMemory } from '../../stats/worker.ts';
import { exchangeOf, principalOf } from '../exchange.ts';
import { describeMemory } from '../worker/describe.ts';
import { describe, describeAll, summarize } from './describe.ts';
import type { ListQuery, RunnerParams } from './request.ts';
import type { Deleted, ListedRunner, RunnerInfo, RunnerList } from './result.ts';
import type { Sample } from './sample.ts';

export type ReadServices = {
  readonly runners: Runners;
  readonly sample: Sample;
};

/** How long a runner's figures are waited for, ms. */
const SAMPLE_DEADLINE_MS = 1_000;
/** How long the figures of all runners of a list are waited for, ms. */
const LIST_DEADLINE_MS = 2_000;
/** Runners that a list asks at once. */
const SAMPLES_AT_ONCE = 16;

type RunnerCall = { readonly request: Request; readonly params: RunnerParams };
type ListCall = { readonly request: Request; readonly query: ListQuery };

export const readHandlers = ({ runners, sample }: ReadServices) => ({
  info: async ({ request, params }: RunnerCall): Promise<RunnerInfo> => {
    const view = runners.find(params.runner, principalOf(request).id);
    exchangeOf(request).runner = view.name;
    return describeAll(view, await sample(view, SAMPLE_DEADLINE_MS));
  },

  remove: async ({ request, params }: RunnerCall): Promise<Deleted> => {
    await runners.delete(params.runner, principalOf(request).id);
    exchangeOf(request).runner = params.runner;
    return { res: 'success' };
  },

  list: async ({ request, query }: ListCall): Promise<RunnerList> => {
    const owner = principalOf(request).id;
    const until = performance.now() + LIST_DEADLINE_MS;
    const shown = async (view: RunnerView): Promise<ListedRunner> => {
      if (view.owner !== null && view.owner !== owner) return { name: view.name, inUse: view.inUse };
      const left = Math.max(0, until - performance.now());
      const figures = await sample(view, Math.min(SAMPLE_DEADLINE_MS, left));
      return query.detail ? describe(view, figures) : summarize(view, figures);
    };
    return {
      memory: describeMemory(readWorkerMemory()),
      runners: await mapAtMost(runners.list(), SAMPLES_AT_ONCE, shown),
    };
  },
});
