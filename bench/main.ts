/** `scripts/bench`. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { table } from '../src/cli/table.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { stopSignal } from '../src/main.ts';
import { type Options, readOptions, SCENARIOS, USAGE } from './lib/options.ts';
import { type Goal, goalsOf, verdictOf } from './report/goals.ts';
import { figure } from './report/markdown.ts';
import { writeReport } from './report/write.ts';
import { runBenchmark } from './run.ts';

const DOCS = join(import.meta.dirname, '../docs');

/** Only a run of everything may take the place of the report in the manual by itself. */
async function folderFor({ out, isQuick, scenarios }: Options): Promise<string> {
  if (out !== undefined) return resolve(out);
  const isWhole = !isQuick && scenarios.length === SCENARIOS.length;
  return isWhole ? DOCS : mkdtemp(join(tmpdir(), 'codeland-bench-'));
}

const COLUMNS = ['#', 'goal', 'figure', 'must', 'aim', '', 'from'].map((heading, index) => ({
  heading,
  isFigure: index > 1 && index < 5,
}));
const row = (goal: Goal): string[] => [
  String(goal.number),
  goal.what,
  `${figure(goal.figure)} ${goal.unit}`,
  String(goal.must),
  String(goal.aim),
  verdictOf(goal),
  goal.detail,
];

async function main(options: Options, signal: AbortSignal): Promise<number> {
  const run = await runBenchmark(options, signal);
  const report = await writeReport(run, await folderFor(options), options.json);
  console.log(`\n${table(COLUMNS, goalsOf(run.results).map(row))}\n`);
  console.log(
    `${run.errors.length} failures; ${(run.seconds / 60).toFixed(1)} min; report: ${report}; all figures: ${options.json}`,
  );
  return run.errors.length === 0 ? 0 : 1;
}

let options: ReturnType<typeof readOptions>;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exit(2);
}
if (options === 'help') {
  console.log(USAGE);
  process.exit(0);
}
const stop = stopSignal();
try {
  process.exit(await main(options, stop));
} catch (error) {
  console.error(stop.aborted ? 'interrupted; nothing is told' : error);
  // Requests may still be waiting for what nobody answers any more.
  process.exit(stop.aborted ? 130 : 1);
}
