/** Who a request speaks for, and what that one may do. */
import type { NetworkPolicy } from '../network/policy.ts';
import type { KeyLimits } from '../store/keys.ts';

export type { KeyLimits };

/** An authenticated key. */
export type Principal = {
  /** Owns runners and stored answers. No secret. */
  readonly id: string;
  readonly name: string;
  readonly limits: KeyLimits;
  /** What its runners may reach. */
  readonly network: NetworkPolicy;
};

export const NO_LIMITS: KeyLimits = {
  requestsPerMinute: null,
  concurrentRunners: null,
  cpuSecondsPerDay: null,
  persistentRunners: true,
};
