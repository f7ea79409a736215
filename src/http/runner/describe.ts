/** From what is known of a runner to what is answered. */
import { formatSize } from '../../lib/size.ts';
import type { RunnerView } from '../../runner/view.ts';
import type { RunnerFigures } from '../../stats/sample.ts';
import type { RunnerDetail, RunnerInfo, RunnerSummary } from './result.ts';
import { describeTraffic } from './traffic.ts';

/** What the documents print of a runner. */
export function summarize(view: RunnerView, figures: RunnerFigures): RunnerSummary {
  const { network } = figures;
  return {
    name: view.name,
    inUse: view.inUse,
    state: view.state,
    kind: view.kind,
    pid: String(view.guest.pid),
    ip: view.proof.address,
    link: view.guest.link,
    memory: sizeOf(figures.guestMemoryBytes),
    kmem: sizeOf(figures.guestKernelMemoryBytes),
    tx: sizeOf(network?.txBytes ?? null),
    rx: sizeOf(network?.rxBytes ?? null),
    total: sizeOf(network && network.txBytes + network.rxBytes),
  };
}

export function describe(view: RunnerView, figures: RunnerFigures): RunnerDetail {
  const summary = summarize(view, figures);
  const { networkLog: _log, ...stats } = figures;
  return {
    ...summary,
    runner: view.name,
    other_info: inWords(summary),
    createdAt: dateTime(view.createdAt),
    ageSeconds: seconds(Date.now() - view.createdAt),
    idleSecondsLeft: view.idleLeftMs === null ? null : seconds(view.idleLeftMs),
    ageSecondsLeft: view.ageLeftMs === null ? null : seconds(view.ageLeftMs),
    runsUnderWay: view.runsUnderWay,
    runsDone: view.runsDone,
    template: view.template,
    proof: { ...view.proof, generators: [...view.proof.generators] },
    history: view.history.map(({ state, at }) => ({ state, at: dateTime(at) })),
    stats,
  };
}

/** As {@link describe}, with what the runner has reached. */
export const describeAll = (view: RunnerView, figures: RunnerFigures): RunnerInfo => ({
  ...describe(view, figures),
  network: describeTraffic(view.network, figures.network, figures.networkLog),
});

const inWords = ({ kind, state, ip, memory }: RunnerSummary) =>
  `${kind}, ${state}, at ${ip}, memory in use ${memory ?? 'unknown'}`;

const sizeOf = (bytes: number | null) => (bytes === null ? null : formatSize(bytes));
const dateTime = (at: number) => new Date(at).toISOString();
const seconds = (ms: number) => Math.round(ms) / 1000;
