import { expect, test } from 'bun:test';
import type { Figures } from '../../../src/rollout/figures.ts';
import { judge } from '../../../src/rollout/gate.ts';

const GATE = { runs: 20, seconds: 60, maxErrorPercent: 10 };

const figures = (more: Partial<Figures>): Figures => ({
  restores: 10,
  restoresFailed: 0,
  runs: 0,
  runsFailed: 0,
  guestsLost: 0,
  ...more,
});

test('stays open until enough runs were seen', () => {
  expect(judge(figures({ runs: 19 }), GATE, false)).toEqual({ is: 'open' });
  expect(judge(figures({ runs: 20 }), GATE, false).is).toBe('passed');
});

test('decides at the end of its time by what was seen, also when nobody ran anything', () => {
  expect(judge(figures({ runs: 3 }), GATE, true).is).toBe('passed');
  expect(judge(figures({}), GATE, true).is).toBe('passed');
  expect(judge(figures({ runs: 3, runsFailed: 1 }), GATE, true)).toEqual({
    is: 'failed',
    why: '1 of 3 runs were failed by their guest; at most 10 % may',
  });
});

test.each(['restoresFailed', 'runsFailed', 'guestsLost'] as const)('%s above the limit fail it', (what) => {
  const all = { restores: 20, runs: 20 };
  expect(judge(figures({ ...all, [what]: 1 }), GATE, false).is).toBe('passed');
  expect(judge(figures({ ...all, [what]: 3 }), GATE, false).is).toBe('failed');
});

test('fails as soon as the runs to come could not make up for it, and not before', () => {
  expect(judge(figures({ runs: 2, runsFailed: 2 }), GATE, false).is).toBe('open');
  expect(judge(figures({ runs: 3, runsFailed: 3 }), GATE, false).is).toBe('failed');
  expect(judge(figures({ restores: 1, restoresFailed: 1 }), { ...GATE, maxErrorPercent: 0 }, false).is).toBe(
    'failed',
  );
});
