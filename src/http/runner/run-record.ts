/** What is answered about runs on a runner that stays, those that are over as well. */
import { type Static, Type } from '@sinclair/typebox';
import type { RunView } from '../../runner/run-log.ts';
import * as examples from '../examples.ts';
import { nullable } from '../output.ts';

/** Bytes of output in one answer at most: base64 of them is still read in one go. */
const ANSWER_BYTES = 2 ** 20;

const When = Type.String({ format: 'date-time' });

const Run = {
  id: Type.String({ description: 'Names the run on its runner.' }),
  state: Type.Union([Type.Literal('running'), Type.Literal('ended'), Type.Literal('lost')], {
    description: '`lost`: it is over, and nobody knows how it ended.',
  }),
  startedAt: When,
  endedAt: nullable(When),
  outputBytes: Type.Integer({ description: 'Output that can be asked for so far, bytes.' }),
  exitCode: nullable(Type.Integer({ description: 'Exit status; null when there is none, or none yet.' })),
  signal: nullable(Type.String({ description: 'Name of the signal that ended the program, or null.' })),
  timedOut: Type.Boolean({ description: 'It ran longer than its time and was stopped.' }),
  truncated: Type.Boolean({ description: 'More was printed than was kept.' }),
  outOfMemory: Type.Boolean({ description: 'The program was ended because it used up its memory.' }),
};

const RunSummary = Type.Object(Run);
type RunSummary = Static<typeof RunSummary>;

export const RunList = Type.Object(
  {
    runs: Type.Array(RunSummary, {
      description: 'Those under way, and the latest that are over; the oldest first.',
    }),
  },
  { examples: [examples.runList] },
);
export type RunList = Static<typeof RunList>;

export const RunRecord = Type.Object(
  {
    ...Run,
    output: Type.String({
      description: 'Base64 of what was printed from `from` on, stdout and stderr as they were written.',
    }),
    next: Type.Integer({ description: 'What to ask for next as `from`, bytes.' }),
  },
  { examples: [examples.runRecord] },
);
export type RunRecord = Static<typeof RunRecord>;

export function summarizeRun({ id, state, startedAt, endedAt, outputBytes, outcome }: RunView): RunSummary {
  return {
    id,
    state,
    startedAt: dateTime(startedAt),
    endedAt: endedAt === null ? null : dateTime(endedAt),
    outputBytes,
    exitCode: outcome?.exitCode ?? null,
    signal: outcome?.signal ?? null,
    timedOut: outcome?.timedOut ?? false,
    truncated: outcome?.truncated ?? false,
    outOfMemory: outcome?.outOfMemory ?? false,
  };
}

/** @param from Offset of the first byte that is shown. */
export function describeRun(run: RunView, from: number): RunRecord {
  const shown = run.output(from, from + ANSWER_BYTES);
  return { ...summarizeRun(run), output: Buffer.from(shown).toString('base64'), next: from + shown.length };
}

const dateTime = (at: number) => new Date(at).toISOString();
