/** One run of the benchmark: the scenarios that were asked for, one after the other. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setUp } from '../src/cli/set-up.ts';
import { readConfig } from '../src/config.ts';
import { Random } from '../test/support/random.ts';
import { SHARED_HOME } from '../test/support/test-home.ts';
import type { Comparators } from './comparator.ts';
import type { Bench } from './lib/bench.ts';
import { openComparators } from './lib/comparators.ts';
import { describeMachine } from './lib/machine.ts';
import type { Options, ScenarioName } from './lib/options.ts';
import type { Results, Run } from './report/results.ts';
import { burst } from './scenarios/burst.ts';
import { claim } from './scenarios/claim.ts';
import { density } from './scenarios/density.ts';
import { empty } from './scenarios/empty.ts';
import { persistent } from './scenarios/persistent.ts';
import { programs } from './scenarios/programs.ts';
import { refill } from './scenarios/refill.ts';
import { stages } from './scenarios/stages.ts';
import { sustained } from './scenarios/sustained.ts';

const COMPARED: Readonly<Record<ScenarioName, readonly (keyof Comparators)[]>> = {
  claim: ['programs', 'guests'],
  refill: [],
  programs: ['programs'],
  empty: ['programs'],
  burst: ['servers'],
  sustained: ['programs', 'servers'],
  density: [],
  persistent: [],
  stages: [],
};

const wantedBy = ({ scenarios }: Options): (keyof Comparators)[] =>
  scenarios.flatMap((name) => COMPARED[name]);

/**
 * A scenario that fails is noted, and the next one begins.
 * @throws {Error} When image and template cannot be set up.
 * @throws The signal's reason when it is aborted.
 */
export async function runBenchmark(options: Options, signal: AbortSignal): Promise<Run> {
  const home = resolve(options.home ?? SHARED_HOME);
  {
    await using _ = await setUp(readConfig({ CODELAND_HOME: home }));
  }
  const machine = await describeMachine(home);
  const began = performance.now();
  const scratch = join(home, 'bench');
  await mkdir(scratch, { recursive: true });
  await using comparators = await openComparators({ home, scratch, signal }, wantedBy(options));
  const errors: string[] = [];
  const bench: Bench = {
    isQuick: options.isQuick,
    seconds: options.seconds,
    home,
    random: new Random(options.seed),
    signal,
    comparators: comparators.programs,
    say: (line) => console.log(line),
    onError: (what, error) => {
      const text = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      errors.push(text);
      console.log(`  WRONG ${text}`);
    },
  };
  const results: Results = {};
  const scenarios: Readonly<Record<ScenarioName, () => Promise<Results>>> = {
    claim: async () => ({ claim: await claim(bench) }),
    refill: async () => ({ refill: await refill(bench) }),
    programs: async () => ({ programs: await programs(bench) }),
    empty: async () => ({ empty: await empty(bench) }),
    burst: async () => ({ burst: await burst(bench, comparators.servers) }),
    sustained: async () => ({ sustained: await sustained(bench, comparators.servers) }),
    density: async () => ({ density: await density(bench) }),
    persistent: async () => ({ persistent: await persistent(bench) }),
    stages: async () => ({ stages: await stages(bench) }),
  };
  for (const name of options.scenarios) {
    const started = performance.now();
    console.log(`${name} …`);
    try {
      Object.assign(results, await scenarios[name]());
    } catch (error) {
      signal.throwIfAborted();
      bench.onError(name, error);
    }
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  const titles = [...comparators.programs, ...comparators.servers].map(
    ({ id, title }) => [id, title] as const,
  );
  return {
    machine,
    isQuick: options.isQuick,
    seed: options.seed,
    seconds: (performance.now() - began) / 1000,
    titles: new Map(titles),
    missing: comparators.missing,
    results,
    errors,
  };
}
