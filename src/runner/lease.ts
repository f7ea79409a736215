/** A guest in one user's hands. */
import type { CpuMeter } from './cpu-meter.ts';
import type { RestoredGuest } from './refill.ts';

/** A guest that nobody has yet. */
export type ReadyEntry = RestoredGuest & {
  /** Host CPU time of the guest since it was ready. */
  readonly cpu: CpuMeter;
};

/** A ready guest that belongs to one user until it is disposed of, which retires it and waits until it is gone. */
export type Lease = ReadyEntry & {
  /** How long its user waited in the queue, ms. */
  readonly queueMs: number;
  /** The pool has it no more, and it lives on; nothing is done with it from then on. */
  release(): void;
  /** Later calls wait for the first. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
};
