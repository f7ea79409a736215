/** What a long run comes to: each figure against its bound. */
import { table } from '../../src/cli/table.ts';
import type { Figures } from './figures.ts';
import { type Bound, judge, median, type Point } from './flatness.ts';
import type { Soaked } from './soak.ts';

export type Row = {
  readonly figure: string;
  readonly median: number;
  /** Over the last two thirds; null when the run was too short to tell. */
  readonly growth: number | null;
  readonly allowed: number;
  readonly isGood: boolean;
};

export type Report = {
  readonly rows: readonly Row[];
  /** At rest: before the load, after it, and how much more it may be. */
  readonly rest: readonly {
    figure: string;
    before: number;
    after: number;
    allowed: number;
    isGood: boolean;
  }[];
  readonly wrong: readonly string[];
  readonly isGood: boolean;
};

/** A slope over less says more about chance than about the server. */
const SHORTEST_JUDGED_SECONDS = 300;

/**
 * What each figure may grow by under load. Those of guests follow the load, which chance makes heavier or lighter for some
 * minutes; a leak of one in a hundred requests goes over it within half an hour.
 */
const BOUNDS: Readonly<Record<Exclude<keyof Figures, 'databaseKiB'>, Bound>> = {
  rssMiB: { share: 0.05, more: 4 },
  threads: { share: 0, more: 2 },
  descriptors: { share: 0.1, more: 5 },
  connections: { share: 0.1, more: 4 },
  processes: { share: 0.1, more: 2 },
  qemus: { share: 0.1, more: 1 },
  controlGroups: { share: 0.1, more: 1 },
  files: { share: 0.1, more: 4 },
  filesKiB: { share: 0.1, more: 64 },
  // SQLite begins it anew at 4 MiB (wal_autocheckpoint), a transaction may be in the way of that.
  databaseLogKiB: { share: 0, more: 5 * 1024 },
};

/** What a kept answer may take of the database. They are kept for a day, so the database has to grow with them. */
const KEPT_ANSWER_KIB = 4;

/** Time of an answer. */
const LATENCY: Bound = { share: 0.3, more: 10 };

/** What may be more at rest than before: the runtime keeps threads, and a few pipes, for later. */
const AT_REST: Partial<Record<keyof Figures, number>> = {
  threads: 2,
  descriptors: 2,
  processes: 0,
  qemus: 0,
  controlGroups: 0,
  files: 0,
};

export function report({ seconds, samples, before, after, times, kept, wrong }: Soaked): Report {
  const isJudged = seconds >= SHORTEST_JUDGED_SECONDS;
  const row = (figure: string, points: readonly Point[], bound: Bound): Row => {
    const verdict = isJudged ? judge(points, bound) : undefined;
    const middle = verdict?.median ?? median(points.map(({ value }) => value));
    const allowed = verdict?.allowed ?? bound.share * middle + bound.more;
    return {
      figure,
      median: middle,
      growth: verdict?.growth ?? null,
      allowed,
      isGood: verdict?.isFlat ?? true,
    };
  };
  const series = (name: keyof Figures): Point[] =>
    samples.map((sample) => ({ seconds: sample.seconds, value: sample[name] }));
  const keptLate = kept.filter((point) => point.seconds >= seconds / 3).length;
  const database = { share: 0, more: 64 + keptLate * KEPT_ANSWER_KIB };
  const rows = [
    ...keysOf(BOUNDS).map((name) => row(name, series(name), BOUNDS[name])),
    row('databaseKiB', series('databaseKiB'), database),
    ...[...times].sort(byName).map(([kind, points]) => row(`ms ${kind}`, points, LATENCY)),
  ];
  const rest = keysOf(AT_REST).map((figure) => {
    const allowed = AT_REST[figure] ?? 0;
    const [was, is] = [before[figure], after[figure]];
    return { figure, before: was, after: is, allowed, isGood: is <= was + allowed };
  });
  const isGood = wrong.length === 0 && [...rows, ...rest].every((each) => each.isGood);
  return { rows, rest, wrong, isGood };
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

/** Of an object whose type names all its keys. */
const keysOf = <K extends string>(object: Readonly<Partial<Record<K, unknown>>>): K[] => {
  const keys: K[] = [];
  for (const key in object) keys.push(key);
  return keys;
};

/** For people. */
export function inWords(
  { rows, rest, wrong, isGood }: Report,
  { done, refused, seconds, samples }: Soaked,
): string {
  const number = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(1));
  const judged = table(
    ['figure', 'median', 'growth', 'allowed', ''].map((heading, index) => ({
      heading,
      isFigure: index > 0 && index < 4,
    })),
    rows.map(({ figure, growth, allowed, isGood: good, median: middle }) => [
      figure,
      number(middle),
      growth === null ? 'not judged' : number(growth),
      number(allowed),
      good ? '' : 'NOT FLAT',
    ]),
  );
  const resting = table(
    ['at rest', 'before', 'after', 'allowed', ''].map((heading, index) => ({
      heading,
      isFigure: index > 0 && index < 4,
    })),
    rest.map(({ figure, before, after, allowed, isGood: good }) => [
      figure,
      String(before),
      String(after),
      `+${allowed}`,
      good ? '' : 'MORE',
    ]),
  );
  const counts = [...done].sort(byName).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${Math.round(seconds)} s of load, ${samples.length} samples; growth is that over the last two thirds`,
    '',
    judged,
    '',
    resting,
    '',
    `done: ${counts.join(', ')}`,
    `without a guest in time: ${refused}`,
    ...wrong.map((each) => `WRONG ${each}`),
    isGood ? 'all is well' : 'NOT all is well',
  ].join('\n');
}
