/** All that was measured. A scenario that was not asked for is not there. */
import type { MissingComparator } from '../comparator.ts';
import type { Machine } from '../lib/machine.ts';
import type { BurstResult } from '../scenarios/burst.ts';
import type { ClaimResult } from '../scenarios/claim.ts';
import type { DensityResult } from '../scenarios/density.ts';
import type { EmptyResult } from '../scenarios/empty.ts';
import type { PersistentResult } from '../scenarios/persistent.ts';
import type { ProgramsResult } from '../scenarios/programs.ts';
import type { RefillResult } from '../scenarios/refill.ts';
import type { StagesResult } from '../scenarios/stages.ts';
import type { SustainedResult } from '../scenarios/sustained.ts';

export type Results = {
  claim?: ClaimResult;
  refill?: RefillResult;
  programs?: ProgramsResult;
  empty?: EmptyResult;
  burst?: BurstResult;
  sustained?: SustainedResult;
  density?: DensityResult;
  persistent?: PersistentResult;
  stages?: StagesResult;
};

/** One run of the benchmark. */
export type Run = {
  readonly machine: Machine;
  readonly isQuick: boolean;
  readonly seed: number;
  /** How long it took, s. */
  readonly seconds: number;
  /** Titles of the comparators, by their ids. */
  readonly titles: ReadonlyMap<string, string>;
  readonly missing: readonly MissingComparator[];
  readonly results: Results;
  /** What failed or was answered wrongly. */
  readonly errors: readonly string[];
};
