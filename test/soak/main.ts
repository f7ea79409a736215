/** `scripts/soak`. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stopSignal } from '../../src/main.ts';
import { TestHome } from '../support/test-home.ts';
import { inWords, report } from './report.ts';
import { type Sample, soak } from './soak.ts';

const USAGE = `usage: scripts/soak [--minutes 30] [--home FOLDER] [--json FILE] [--clients 3] [--seed N]
  Runs a mixed load against a server of its own for so long, and looks at what that server uses meanwhile.
  --home   the data folder whose image and template are used; without it, those of the tests, made if need be
  --json   where all figures go; without it, a file in the folder for temporary files
  Exit status: 0 all is well, 1 it is not, 2 wrong usage, 130 interrupted`;

type Options = {
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  readonly home: string | undefined;
  readonly json: string;
};

/** @throws {Error} When they cannot be used. */
function readOptions(): Options | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { minutes: text, home: text, json: text, clients: text, seed: text, help: { type: 'boolean' } },
  });
  if (values.help) return 'help';
  const positive = (name: string, given: string) => {
    const value = Number(given);
    if (!(value > 0)) throw new Error(`--${name} is "${given}"; it must be a number above 0`);
    return value;
  };
  return {
    seconds: positive('minutes', values.minutes ?? '30') * 60,
    clients: Math.ceil(positive('clients', values.clients ?? '3')),
    seed: Math.ceil(positive('seed', values.seed ?? String(Date.now() % 2 ** 31))),
    home: values.home,
    json: values.json ?? join(tmpdir(), 'codeland-soak.json'),
  };
}

function show({ seconds, done, wrong, rssMiB, descriptors, processes, qemus, medianMs }: Sample): void {
  const ms = medianMs['once.python'] ?? medianMs['once.javascript'];
  console.log(
    `${String(Math.round(seconds)).padStart(5)} s  ${done} done, ${wrong} wrong, ${rssMiB.toFixed(0)} MiB, ${descriptors} descriptors, ` +
      `${processes} processes, ${qemus} guests${ms === undefined ? '' : `, a run in ${ms.toFixed(0)} ms`}`,
  );
}

/** @throws As {@link soak}. */
async function main(
  { seconds, clients, seed, home: source, json }: Options,
  stop: AbortSignal,
): Promise<number> {
  await using home = await TestHome.create(source);
  console.log(`${seconds / 60} minutes of load by ${clients} clients, seed ${seed}, in ${home.path}`);
  const soaked = await soak({ home, seconds, clients, seed, stop, onSample: show });
  const result = report(soaked);
  console.log(`\n${inWords(result, soaked)}`);
  const { times, done, ...rest } = soaked;
  const figures = {
    ...result,
    ...rest,
    seed,
    times: Object.fromEntries(times),
    done: Object.fromEntries(done),
  };
  await writeFile(json, `${JSON.stringify(figures)}\n`);
  console.log(`all figures: ${json}`);
  return result.isGood ? 0 : 1;
}

let options: ReturnType<typeof readOptions>;
try {
  options = readOptions();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
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
  // Clients may still be waiting for what nobody answers any more.
  process.exit(stop.aborted ? 130 : 1);
}
