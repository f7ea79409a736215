/** Puts a report into a folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chart } from './chart.ts';
import { goalsOf, verdictOf } from './goals.ts';
import { notesOf, report } from './report.ts';
import type { Run } from './results.ts';

const REPORT = 'benchmark.md';

/**
 * Notes on the goals that somebody wrote into the report that was there are kept.
 * @param json File for all figures.
 * @returns The report's file.
 */
export async function writeReport(run: Run, folder: string, json: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await mkdir(dirname(json), { recursive: true });
  const path = join(folder, REPORT);
  const notes = notesOf(await readFile(path, 'utf8').catch(() => ''));
  await writeFile(path, report(run, notes));
  const drawn = chart(run);
  if (drawn !== undefined) await writeFile(join(folder, 'benchmark.svg'), drawn);
  const goals = goalsOf(run.results).map((goal) => ({ ...goal, verdict: verdictOf(goal) }));
  const plain = (_: string, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);
  await writeFile(json, `${JSON.stringify({ ...run, goals }, plain)}\n`);
  return path;
}
