/** What somebody who wants code run says, and on whose behalf. */

import type { NetworkPolicy } from '../network/policy.ts';
import type { Stopwatch } from './receipt.ts';

/** Whose a runner is. */
export type Owner = {
  /** Id of the key that asked. */
  readonly id: string;
  /** Runners it may have at once, those it waits for included; null: no limit. */
  readonly maxRunners: number | null;
};

export type RunTerms = {
  readonly owner: Owner;
  /** How long the program may run, whole seconds. */
  readonly seconds: number;
  /** How long to wait for a guest when none is ready, whole seconds; 0: not at all. */
  readonly waitSeconds: number;
  /** Bytes of stdout and stderr together that are kept. */
  readonly outputBytes: number;
  /** What a fresh runner may reach, from then on; one that is there keeps what it was made with. */
  readonly network: NetworkPolicy;
  /** Runs since the request came. */
  readonly watch: Stopwatch;
  /** Size of what was asked, for the receipt. */
  readonly bytesIn: number;
  /** Aborted when the one who asked is gone. */
  readonly signal: AbortSignal;
};

/** How long a persistent runner lives, whole seconds: without a run, and in all. */
export type Lifetime = { readonly idleSeconds: number; readonly maxAgeSeconds: number };
