/** Who a request speaks for, and what that one may do. */

export type KeyLimits = {
  /** `null`: no limit. */
  readonly requestsPerMinute: number | null;
  /** Runners at once; `null`: no limit. */
  readonly concurrentRunners: number | null;
  /** Host CPU seconds of its runners in a day of UTC; `null`: no limit. */
  readonly cpuSecondsPerDay: number | null;
  /** May make runners that outlive a request. */
  readonly persistentRunners: boolean;
};

/** An authenticated key. */
export type Principal = {
  /** Owns runners and stored answers. No secret. */
  readonly id: string;
  readonly name: string;
  readonly limits: KeyLimits;
};

export const NO_LIMITS: KeyLimits = {
  requestsPerMinute: null,
  concurrentRunners: null,
  cpuSecondsPerDay: null,
  persistentRunners: true,
};
