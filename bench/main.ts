/** `scripts/bench`. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setUp } from '../src/cli/set-up.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { readConfig } from '../src/config.ts';
import { stopSignal } from '../src/main.ts';
import { Random } from '../test/support/random.ts';
import { SHARED_HOME } from '../test/support/test-home.ts';
import type { Bench } from './lib/bench.ts';
import { openComparators } from './lib/comparators.ts';
import { describeMachine } from './lib/machine.ts';
import { type Options, readOptions, USAGE } from './lib/options.ts';
import { present, ratioByRound, summarize } from './lib/statistics.ts';
import { claim } from './scenarios/claim.ts';

async function main(options: Options, signal: AbortSignal): Promise<number> {
  const home = resolve(options.home ?? SHARED_HOME);
  {
    await using _ = await setUp(readConfig({ CODELAND_HOME: home }));
  }
  const machine = await describeMachine(home);
  console.log(machine);
  const scratch = join(home, 'bench');
  await mkdir(scratch, { recursive: true });
  await using comparators = await openComparators({ home, scratch, signal });
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
      errors.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(`WRONG ${errors.at(-1)}`);
    },
  };
  const result = await claim(bench);
  const node = result.measured.get('node') ?? [];
  for (const [id, values] of result.measured) {
    console.log(id, summarize(present(values)), ratioByRound(values, node));
  }
  return errors.length === 0 ? 0 : 1;
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
