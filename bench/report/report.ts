/** The report of one run, for people. */

import { type Goal, goalsOf, verdictOf } from './goals.ts';
import { figure, markdownTable } from './markdown.ts';
import type { Run } from './results.ts';
import { sectionsOf } from './sections.ts';

/** Where notes begin that somebody wrote, which a new report keeps. */
export const NOTES_HEADING = '## Notes on the goals';

export function goalsTable(goals: readonly Goal[]): string {
  const bound = (goal: Goal, value: number) => `${goal.isFloor ? '≥' : '≤'} ${value} ${goal.unit}`;
  return markdownTable(
    ['#', 'goal', 'figure', 'must', 'aim', '', 'from'],
    goals.map((goal) => [
      String(goal.number),
      goal.what,
      goal.figure === undefined ? '–' : `${figure(goal.figure)} ${goal.unit}`,
      bound(goal, goal.must),
      goal.aim === 0 ? '0' : bound(goal, goal.aim),
      verdictOf(goal),
      goal.detail,
    ]),
    [true, false, true, true, true, false, false],
  );
}

/** @param notes What stands below {@link NOTES_HEADING}, if anything. */
export function report(run: Run, notes: string): string {
  const { machine, isQuick, seconds, seed, errors, missing } = run;
  const facts = [
    ['accelerator', machine.accelerator],
    ['CPU', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', `${machine.memoryMiB} MiB`],
    ['kernel', `Linux ${machine.kernel}`],
    ['QEMU', machine.qemu],
    ['bun, node, Python', `${machine.bun}, ${machine.node}, ${machine.python}`],
    ['date', machine.date],
    ['load before', machine.load.map((load) => load.toFixed(2)).join(' ')],
    [
      'run',
      `${Math.round(seconds / 60)} min, seed ${seed}${isQuick ? ', quick: too few rounds to judge by' : ''}`,
    ],
  ];
  const wrong =
    errors.length === 0 ? 'No answer was wrong and none was missing.' : `${errors.length} failures:`;
  const absent = missing.map(({ title, missing: why }) => `${title} is not here: ${why}.`);
  return `${[
    `# Benchmark

Written by \`scripts/bench\`, which measures the same on any host. Everything that is compared was measured in the same rounds, in an
order that chance makes, so a busy machine hurts all sides alike: **ratios** hold, absolute times are those of this machine.

${markdownTable(['', 'measured on'], facts, [false, false])}

![Times of a hello world and the stages of a claim](benchmark.svg)

## Goals

N is the median of native \`node -e\`, P that of native \`python3 -c\`.

${goalsTable(goalsOf(run.results))}`,
    ...(notes === '' ? [] : [notes]),
    ...sectionsOf(run),
    `## Failures

${[wrong, ...errors.slice(0, 20).map((error) => `- ${error.split('\n', 1)[0]?.slice(0, 200)}`)].join('\n')}${absent.length === 0 ? '' : `\n\n${absent.join('\n')}`}`,
  ].join('\n\n')}\n`;
}

/** The notes of an earlier report: from their heading to the next one of that rank. */
export function notesOf(earlier: string): string {
  const from = earlier.indexOf(`${NOTES_HEADING}\n`);
  if (from < 0) return '';
  const next = earlier.indexOf('\n## ', from + NOTES_HEADING.length);
  return earlier.slice(from, next < 0 ? undefined : next).trim();
}
