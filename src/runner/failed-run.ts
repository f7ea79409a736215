/** A run on a throw-away runner that came to no good end, and who may want its guest. */
import type { Program } from '../protocol/messages.ts';
import type { Ending } from './execution.ts';
import type { Lease } from './lease.ts';

export type FailedRun = {
  /** Of its guest. */
  readonly lease: Lease;
  readonly ownerId: string;
  readonly program: Program;
  /** What went wrong, a few words. */
  readonly why: string;
};

/** Takes the guests of failed runs, so that somebody can look at them. */
export type FailedGuests = AsyncDisposable & {
  /** @returns Whether it takes the guest; it ends the lease then, at its own disposal at the latest. */
  offer(failed: FailedRun): boolean;
};

/** What went wrong with a run that ended so; undefined: nothing that its guest could tell more of. */
export function whyFailed(ending: Ending): string | undefined {
  if (ending === 'late') return 'the runner no longer answered';
  if (ending === 'held' || ending.timedOut) return 'the program ran longer than its limit';
  if (ending.outOfMemory) return 'the program used up the memory';
  return ending.signal === null ? undefined : `the program was ended by ${ending.signal}`;
}
