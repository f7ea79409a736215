/** The command line of the benchmark. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandLine, UsageError } from '../../src/cli/usage-error.ts';

export const SCENARIOS = [
  'claim',
  'refill',
  'programs',
  'empty',
  'burst',
  'sustained',
  'density',
  'persistent',
  'stages',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export const USAGE = `usage: scripts/bench [--quick] [--only a,b] [--seconds 60] [--home FOLDER] [--out FOLDER] [--json FILE] [--seed N]
  Measures a server of its own against what runs programs otherwise, and writes benchmark.md and benchmark.svg.
  --quick    fewer rounds and pools: some minutes, for trying out; too few to judge a 99th percentile by
  --only     these scenarios alone: ${SCENARIOS.join(', ')}
  --seconds  how long each load of "sustained" lasts; 60, or 6 with --quick
  --home     the data folder whose image and template are used; without it, those of the tests, made if need be
  --out      where the report goes; without it, docs/ of a full run, and a folder for temporary files of any other
  --json     where all figures go; without it, a file in the folder for temporary files
  --seed     repeats the order of things
  Exit status: 0 measured, 1 failed or a wrong answer, 2 wrong usage, 130 interrupted`;

export type Options = {
  readonly isQuick: boolean;
  readonly scenarios: readonly ScenarioName[];
  readonly seconds: number;
  readonly home: string | undefined;
  readonly out: string | undefined;
  readonly json: string;
  readonly seed: number;
};

const OPTIONS = {
  quick: { type: 'boolean' },
  only: { type: 'string' },
  seconds: { type: 'string' },
  home: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** @throws {UsageError} Names the option and what it may be. */
export function readOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  if (values.help) return 'help';
  if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is no option`);
  const isQuick = values.quick ?? false;
  return {
    isQuick,
    scenarios: readScenarios(values.only),
    seconds: wholeNumber('--seconds', values.seconds, 3600) ?? (isQuick ? 6 : 60),
    home: values.home,
    out: values.out,
    json: values.json ?? join(tmpdir(), 'codeland-benchmark.json'),
    seed: wholeNumber('--seed', values.seed, 2 ** 31) ?? Date.now() % 2 ** 31,
  };
}

function readScenarios(given: string | undefined): readonly ScenarioName[] {
  if (given === undefined) return SCENARIOS;
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SCENARIOS.some((each) => each === name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: there is no "${unknown}"; there are ${SCENARIOS.join(', ')}`);
  }
  return SCENARIOS.filter((each) => names.includes(each));
}

function wholeNumber(option: string, given: string | undefined, most: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= 1 && value <= most) return value;
  throw new UsageError(`${option} is "${given}"; it must be a whole number from 1 to ${most}`);
}
