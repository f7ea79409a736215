/** A runner as it is shown. */
import type { RestoreProof } from '../guest/ready.ts';
import type { NetworkPolicy } from '../network/policy.ts';
import type { StatsReply } from '../protocol/messages.ts';
import type { RunnerState, StateChange } from './history.ts';
import type { RunnerGuest } from './ready-guest.ts';
import type { RestoredGuest } from './refill.ts';

/** What is known of a runner without asking anybody. */
export type RunnerView = {
  readonly name: string;
  /** `ready`: nobody's yet; `once`: ends with its only run; `persistent`: lives until it is deleted or expires. */
  readonly kind: 'ready' | 'once' | 'persistent';
  readonly inUse: boolean;
  readonly state: RunnerState;
  /** Id of the key whose it is; null for a ready one. */
  readonly owner: string | null;
  /** When it became ready, or its owner's; milliseconds since 1970. */
  readonly createdAt: number;
  readonly history: readonly StateChange[];
  /** Id of the template that it was restored from. */
  readonly template: string;
  readonly proof: RestoreProof;
  /** What its agent said before the guest was stopped and called ready. */
  readonly readyStats: StatsReply;
  /** `egress`: it has a way out. */
  readonly network: NetworkPolicy['mode'];
  /** What figures can be asked of. A ready guest's agent does not answer: its CPU is stopped. */
  readonly guest: Pick<RunnerGuest, 'pid' | 'link' | 'qmp' | 'agentStats' | 'networkReport'>;
  readonly runsUnderWay: number;
  readonly runsDone: number;
  /** Milliseconds until it ends for want of a run; null while one is under way, and for other kinds. */
  readonly idleLeftMs: number | null;
  /** Milliseconds until it ends in any case; null for other kinds. */
  readonly ageLeftMs: number | null;
};

/** A guest that nobody has yet. */
export function readyView({ guest, template, history, proof, stats }: RestoredGuest): RunnerView {
  return {
    name: guest.name,
    kind: 'ready',
    inUse: false,
    state: history.now.state,
    owner: null,
    createdAt: history.now.at,
    history: history.changes,
    template,
    proof,
    readyStats: stats,
    network: 'none',
    guest,
    runsUnderWay: 0,
    runsDone: 0,
    idleLeftMs: null,
    ageLeftMs: null,
  };
}
