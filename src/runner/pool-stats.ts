/** How a pool is. */
import type { WaitStats } from './wait-times.ts';

export type PoolCounts = {
  readonly target: number;
  readonly ready: number;
  readonly restoring: number;
  readonly leased: number;
  readonly retiring: number;
  /** Those who wait for a guest. */
  readonly waiting: number;
  /** Restores that failed since the pool began. */
  readonly failed: number;
};

export type QueueStats = {
  readonly length: number;
  readonly limit: number;
  /** Of the latest who waited, for a guest or in vain; not of those who left or did not have to wait. */
  readonly waits: WaitStats;
};

export type RefillStats = {
  /** Running mean; null before the first restore. */
  readonly meanRestoreMs: number | null;
  /** Guests a second, with all workers busy; null before the first restore. */
  readonly perSecond: number | null;
};
