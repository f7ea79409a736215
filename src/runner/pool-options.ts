/** What a pool needs, and what it is asked. */
import type { ReadCpuMs } from './cpu-meter.ts';
import type { RefillOptions } from './refill.ts';
import type { Standing } from './standing.ts';
import type { StuckState } from './watchdog.ts';

/** What the pool tells the metrics. */
export type PoolObserver = {
  /** A guest became ready, this long after its restore began. */
  readonly restored: (ms: number) => void;
  readonly restoreFailed: () => void;
  /** A guest of this template died: a ready one, or one in use. */
  readonly lost: (template: string) => void;
  /** A guest was too long in a state, and was cleared. */
  readonly stuck: (state: StuckState) => void;
  /** Somebody waited this long in the queue, for a guest or in vain. */
  readonly waited: (ms: number) => void;
};

export type PoolOptions = Pick<
  RefillOptions,
  'refillWorkers' | 'memoryReserveBytes' | 'nextName' | 'restore' | 'availableMemory' | 'freeDescriptors'
> & {
  /** Ready guests to keep. */
  readonly target: number;
  /** Guests at most: ready, being restored, in use and being retired together. */
  readonly maxGuests: number;
  /** Those who may wait for a guest at once. */
  readonly queueLimit: number;
  readonly cpuMs: ReadCpuMs;
  /** What becomes of a ready guest of this template; without, each is wanted. */
  readonly standing?: (template: string) => Standing;
  /** Told of each restore that failed, each ready guest that died, and once of each shortage of memory. */
  readonly onFailure: (error: Error) => void;
  readonly observer?: PoolObserver;
};

export type ClaimTerms = {
  /** How long to wait when none is ready, seconds; 0: not at all. */
  readonly waitSeconds: number;
  /** Aborted when nobody wants the guest any more. */
  readonly signal: AbortSignal;
};
