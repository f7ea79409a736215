/** Asks a runner for its figures. */
import type { RunnerView } from '../../runner/view.ts';
import { type RunnerFigures, sampleRunner } from '../../stats/sample.ts';

/** Never rejects; a figure that does not come within `deadlineMs` is null. */
export type Sample = (view: RunnerView, deadlineMs: number) => Promise<RunnerFigures>;

export const sampleView: Sample = (view, deadlineMs) => {
  const { guest, state, readyStats, history, createdAt } = view;
  return sampleRunner(
    {
      pid: guest.pid,
      qmp: guest.qmp,
      isRunning: state === 'RUNNING',
      agentStats: () => guest.agentStats(),
      networkReport: () => guest.networkReport(),
      readyStats,
      readyAt: history.findLast((change) => change.state === 'READY')?.at ?? createdAt,
    },
    deadlineMs,
  );
};
