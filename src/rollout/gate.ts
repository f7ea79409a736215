/** Whether a new template may take the place of the one in use. */
import type { Figures } from './figures.ts';

export type Gate = {
  /** Runs on its guests after which is decided. */
  readonly runs: number;
  /** When is decided at the latest, seconds. */
  readonly seconds: number;
  /** How many of its restores, of its runs, and of its guests may fail, percent of each. */
  readonly maxErrorPercent: number;
};

export type Verdict =
  | { readonly is: 'open' }
  | { readonly is: 'passed'; readonly why: string }
  | { readonly is: 'failed'; readonly why: string };

/**
 * Decides as soon as it can be: what has failed too often already needs no more failures.
 * @param figures Of the guests of the new template.
 * @param isTimeUp No more runs are waited for.
 */
export function judge(figures: Figures, { runs, maxErrorPercent }: Gate, isTimeUp: boolean): Verdict {
  const isOver = isTimeUp || figures.runs >= runs;
  for (const { what, bad, of } of shares(figures)) {
    // Before the end, those that are still to come may all be good.
    const all = isOver ? of : Math.max(of, runs);
    if (bad * 100 > maxErrorPercent * all) {
      return { is: 'failed', why: `${bad} of ${of} ${what}; at most ${maxErrorPercent} % may` };
    }
  }
  if (!isOver) return { is: 'open' };
  const { restores, restoresFailed, runsFailed } = figures;
  const runsSeen = `${figures.runs} runs, ${runsFailed} failed`;
  return { is: 'passed', why: `${runsSeen}; ${restores} restores, ${restoresFailed} failed` };
}

const shares = ({ restores, restoresFailed, runs, runsFailed, guestsLost }: Figures) => [
  { what: 'restores failed', bad: restoresFailed, of: restores },
  { what: 'runs were failed by their guest', bad: runsFailed, of: runs },
  { what: 'guests were lost', bad: guestsLost, of: restores - restoresFailed },
];
