/** What is written down of the runners that stay, so that a later server finds them again. */
import type { RestoreProof } from '../guest/ready.ts';
import type { NetworkPolicy } from '../network/policy.ts';
import type { StatsReply } from '../protocol/messages.ts';
import type { StateChange } from './history.ts';
import type { Lifetime } from './terms.ts';

/** A runner that stays. Times with `BootMs` are on the host's boot clock, the others are milliseconds since 1970. */
export type RunnerRecord = {
  readonly name: string;
  /** Id of the key whose it is. */
  readonly owner: string;
  readonly template: string;
  /** Of its guest on this host. */
  readonly guestNumber: number;
  readonly network: NetworkPolicy['mode'];
  readonly lifetime: Lifetime;
  readonly createdAt: number;
  readonly createdBootMs: number;
  readonly history: readonly StateChange[];
  readonly proof: RestoreProof;
  readonly readyStats: StatsReply;
};

/** How a program ended. */
export type RunOutcome = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** It printed more than was kept. */
  readonly truncated: boolean;
  readonly outOfMemory: boolean;
};

/** A run that has begun on a runner that stays. */
export type BegunRun = {
  /** Of all runs on its runner, from 1 on. */
  readonly number: number;
  readonly seconds: number;
  /** Bytes of output that are kept at most. */
  readonly outputBytes: number;
  readonly startedAt: number;
  readonly startedBootMs: number;
};

/** When and how a run ended; an outcome of null: nobody knows. */
export type RunEnd = {
  readonly endedAt: number;
  readonly endedBootMs: number;
  readonly outcome: RunOutcome | null;
};

export type JournaledRun = BegunRun & { readonly end: RunEnd | null };

/** What an earlier server wrote down of a runner. */
export type JournaledRunner = {
  readonly runner: RunnerRecord;
  /** See {@link Journal.charged}. */
  readonly cpuMs: number;
  /** In the order of their numbers. */
  readonly runs: readonly JournaledRun[];
};

/** None of it throws: a runner is of use also when it cannot be written down. */
export type Journal = {
  made(runner: RunnerRecord): void;
  gone(name: string): void;
  /** @param cpuMs What its guest has used of the host's CPU in its life, as far as it was charged. */
  charged(name: string, cpuMs: number): void;
  began(name: string, run: BegunRun): void;
  ended(name: string, run: number, end: RunEnd): void;
  /** Nobody can ask for the run any more. */
  dropped(name: string, run: number): void;
};
