import { describe, expect, it } from 'bun:test';
import { chart } from '../../../bench/report/chart.ts';
import { goalsOf, verdictOf } from '../../../bench/report/goals.ts';
import { notesOf, report } from '../../../bench/report/report.ts';
import type { Results, Run } from '../../../bench/report/results.ts';

const cpu = (serverMs: number, guestsMs: number) => ({
  server: { userMs: serverMs, systemMs: 0 },
  guests: { userMs: guestsMs / 2, systemMs: guestsMs / 2 },
  host: { userMs: 2 * (serverMs + guestsMs), systemMs: 0 },
});
const slice = (done: number, guestsMs = 0) => ({
  ...{ done, errors: 0, seconds: 10, values: [5, 6], ownCpuMs: 1 },
  cpu: cpu(10, guestsMs),
});

const RESULTS: Results = {
  claim: {
    pool: 8,
    rounds: 2,
    measured: new Map([
      ['claim-javascript', [10, 30]],
      ['claim-python', [60, 60]],
      ['node', [100, 100]],
      ['python3', [20, 20]],
    ]),
  },
  refill: { pool: 20, values: [10, 10, 10, 50], queued: 0 },
  sustained: {
    noCpu: '',
    nodeCpuMs: [10],
    loads: [
      { id: 'codeland-20', concurrency: 1, slices: [slice(10, 240)] },
      { id: 'http-bwrap-node', concurrency: 1, slices: [slice(40)] },
    ],
  },
  density: {
    pools: [
      {
        pool: 20,
        startMs: 1000,
        memory: {
          ...{ processes: 20, pssBytes: 600e6, privateBytes: 500e6, serverPssBytes: 1e8 },
          availableBytes: 1e10,
        },
      },
    ],
    idle: { pool: 80, seconds: 10, cpu: cpu(5, 20) },
    rounds: 1,
    measured: new Map([
      ['pool-5', [10]],
      ['pool-80', [12]],
    ]),
  },
};

const run = (results: Results): Run => ({
  machine: {
    ...{ accelerator: 'tcg', cpu: 'a CPU', cores: 2, memoryMiB: 1, kernel: '6', qemu: 'Q', bun: 'b' },
    ...{ node: 'n', python: 'p', date: '2026-01-01T00:00:00Z', load: [0, 0, 0] },
  },
  ...{ isQuick: true, seed: 1, seconds: 60, missing: [], results, errors: [] },
  titles: new Map([['node', 'native `node -e` <b>']]),
});

describe('goals', () => {
  const goals = goalsOf(RESULTS);

  it.each([
    [1, 0.2, 'met'],
    [2, 3, 'not met'],
    [4, undefined, 'not measured'],
    [6, 0.25, 'not met'],
    [7, 2.5, 'not met'],
    [8, 30, 'met'],
    [9, 0.2, 'met'],
    [10, 1.2, 'met'],
    [11, undefined, 'not measured'],
  ])('has %p as %p: %s', (number, figure, verdict) => {
    const goal = goals.find((each) => each.number === number);
    if (!goal) throw new Error(`there is no goal ${number}`);
    if (figure === undefined) expect(goal.figure).toBeUndefined();
    else expect(goal.figure).toBeCloseTo(figure);
    expect<string>(verdictOf(goal)).toBe(verdict);
  });

  it('are eleven, also when nothing was measured', () => {
    expect(goalsOf({}).map(verdictOf)).toEqual(Array.from({ length: 11 }, () => 'not measured'));
  });
});

describe('the report', () => {
  it('has a row for each goal and a section for what was measured', () => {
    const text = report(run(RESULTS), '');
    expect(text).toContain('| 6 | sustained JavaScript lifecycles/s against `bwrap node -e`');
    expect(text).toContain('## Sustained load');
    expect(text).not.toContain('## On a runner that stays');
    expect(text).not.toContain('NaN');
  });

  it('keeps the notes that somebody wrote', () => {
    const notes = '## Notes on the goals\n\nGoal 2 is bound by Python.';
    const text = report(run(RESULTS), notes);
    expect(notesOf(text)).toBe(notes);
    expect(notesOf(report(run(RESULTS), ''))).toBe('');
  });

  it('draws what was measured, with nothing of a name taken for markup', () => {
    const svg = chart(run(RESULTS));
    expect(svg).toContain('native node -e &lt;b&gt;');
    expect(svg).not.toContain('NaN');
    expect(chart(run({}))).toBeUndefined();
  });
});
