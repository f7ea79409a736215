/** What every scenario works with. */
import type { Random } from '../../test/support/random.ts';
import type { Comparator } from '../comparator.ts';
import { checkOutput } from './client.ts';
import { HELLO_OUTPUT, hello } from './hello.ts';
import type { Side } from './rounds.ts';
import { BenchServer } from './server.ts';

export type Bench = {
  readonly isQuick: boolean;
  /** How long a load of a given concurrency lasts. */
  readonly seconds: number;
  /** Data folder with image and template; the tests' own without. */
  readonly home: string | undefined;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly comparators: readonly Comparator[];
  /** Tells the user how far it is. */
  readonly say: (line: string) => void;
  /** Notes what failed or was answered wrongly. */
  readonly onError: (what: string, error: unknown) => void;
};

/** Starts a server with so many ready guests. @throws As {@link BenchServer.start}. */
export function startServer(
  { home, signal }: Bench,
  pool: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  return BenchServer.start({ pool, home, settings, signal });
}

/** A comparator's hello world as a side, by the comparator's id; after `idle`, when nothing of ours runs. */
export function helloSides(comparator: Comparator, idle: () => Promise<void>, every = 1): Side[] {
  return comparator.languages.map((language) => ({
    id: comparator.languages.length === 1 ? comparator.id : `${comparator.id}-${language}`,
    every,
    prepare: async () => {
      await comparator.prepare?.();
      await idle();
    },
    run: async () => {
      const began = performance.now();
      const stdout = await comparator.run(hello(language));
      const took = performance.now() - began;
      checkOutput(stdout, HELLO_OUTPUT, comparator.title);
      return took;
    },
  }));
}

/** The comparator of that id, if it is here. */
export const find = ({ comparators }: Bench, id: string): Comparator | undefined =>
  comparators.find((comparator) => comparator.id === id);
