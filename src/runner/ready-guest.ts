/** What the runners need of a guest. */
import type { Guest } from '../guest/guest.ts';
import type { RestoreProof } from '../guest/ready.ts';
import type { StatsReply } from '../protocol/messages.ts';

export type RunnerGuest = Pick<
  Guest,
  | 'name'
  | 'number'
  | 'pid'
  | 'link'
  | 'qmp'
  | 'lost'
  | 'run'
  | 'takeUp'
  | 'kill'
  | 'resume'
  | 'pause'
  | 'check'
  | 'connect'
  | 'networkReport'
  | 'release'
  | 'agentStats'
  | typeof Symbol.asyncDispose
>;

/** A guest that has passed its restore proof and waits, stopped. */
export type ReadyGuest = {
  readonly guest: RunnerGuest;
  /** Id of the template that it was restored from. */
  readonly template: string;
  readonly proof: RestoreProof;
  /** What its agent said of it last, before it was stopped. */
  readonly stats: StatsReply;
};
