/** Measuring several things side by side: in each round each of them once, in an order that chance makes. */
import type { Random } from '../../test/support/random.ts';

/** One of the things that are compared. */
export type Side = {
  readonly id: string;
  /** Measured in every so many rounds, for what takes long; 1 without. */
  readonly every?: number;
  /** What is not measured: waits until nothing is left of what ran before. */
  readonly prepare?: () => Promise<void>;
  /** Does the thing once. @returns What was measured, ms; without, the time it took. */
  readonly run: () => Promise<number | undefined>;
};

/** Measured values by side, then by round; undefined where there is none. */
export type Measured = ReadonlyMap<string, readonly (number | undefined)[]>;

export type RoundsOptions = {
  readonly rounds: number;
  readonly sides: readonly Side[];
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told of each that fails; its value is missing. */
  readonly onError: (side: string, error: unknown) => void;
};

/** A side that failed so many times in a row is not tried any more: each try may take as long as a deadline. */
const MOST_FAILURES = 3;

/** @throws The signal's reason when it is aborted. */
export async function measure({ rounds, sides, random, signal, onError }: RoundsOptions): Promise<Measured> {
  const values = new Map(sides.map(({ id }): [string, (number | undefined)[]] => [id, []]));
  const failures = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { id, every = 1, prepare, run } of shuffle(sides, random)) {
      signal.throwIfAborted();
      if (round % every !== 0 || (failures.get(id) ?? 0) >= MOST_FAILURES) continue;
      try {
        await prepare?.();
        const began = performance.now();
        const measured = await run();
        const took = performance.now() - began;
        const own = values.get(id);
        if (own) own[round] = measured ?? took;
        failures.delete(id);
      } catch (error) {
        signal.throwIfAborted();
        failures.set(id, (failures.get(id) ?? 0) + 1);
        onError(id, error);
      }
    }
  }
  return values;
}

/** In an order that chance makes (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const shuffled: T[] = [];
  while (left.length > 0) shuffled.push(...left.splice(random.integer(0, left.length - 1), 1));
  return shuffled;
}
