/**
 * Fuzzes the agent link for as long as is asked and keeps each find in the corpus, which `scripts/test` replays.
 *   bun bench/studies/agent-link-fuzz.ts [--seconds 300] [--seed N]
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { campaign } from '../../test/fuzz/agent-link/campaign.ts';
import { keep, readCorpus } from '../../test/fuzz/agent-link/corpus.ts';
import { referenceOutcome } from '../../test/fuzz/agent-link/reference.ts';

/** Longer streams make a round slow. */
const LONGEST_SEED = 4096;
/** After so many finds the first ones are to be mended. */
const MOST_FINDS = 20;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 300);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('--seconds and --seed take numbers');

console.log(`fuzzing the agent link for ${seconds} s from seed ${seed}`);
const began = performance.now();
const elapsed = () => (performance.now() - began) / 1000;
let nextWord = 60;
const { executions, coverage, finds } = await campaign({
  seed,
  seeds: readCorpus()
    .map(({ stream }) => stream)
    .filter(({ length }) => length <= LONGEST_SEED),
  isOver: (report) => {
    if (elapsed() >= nextWord) {
      console.log(`${Math.round(elapsed())} s: ${report.executions} cases, ${report.finds.length} finds`);
      nextWord += 60;
    }
    return elapsed() >= seconds || report.finds.length >= MOST_FINDS;
  },
});
for (const [what, count] of [...coverage].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${what}`);
console.log(`${executions} cases, ${Math.round(executions / elapsed())} a second, ${finds.length} finds`);
for (const { case: found, reason } of finds) {
  const stream = new Uint8Array(Buffer.concat(found.pieces));
  const name = `found-${createHash('sha256').update(stream).digest('hex').slice(0, 12)}`;
  console.log(`${keep(name, found, `Found at random: ${reason}`, referenceOutcome(stream).outcome.end)}`);
}
process.exitCode = finds.length === 0 ? 0 : 1;
