/** Figures of many measurements of one thing. */

export type Summary = {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly least: number;
  readonly most: number;
  /** Half of all values lie between these two: the spread that single outliers do not move. */
  readonly quartiles: readonly [number, number];
};

/** How two things compare that were measured in the same rounds. */
export type Ratio = {
  /** Rounds in which both were measured. */
  readonly rounds: number;
  /** Of the ratios of each round. */
  readonly median: number;
  readonly quartiles: readonly [number, number];
};

/**
 * The value below which so large a share of the values lies, with linear interpolation between the two next to it
 * (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). NaN of none.
 * @param share From 0 to 1.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const quartilesOf = (values: readonly number[]): [number, number] => [
  quantile(values, 0.25),
  quantile(values, 0.75),
];

/** Undefined of none. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  return {
    count: values.length,
    median: median(values),
    p95: quantile(values, 0.95),
    p99: quantile(values, 0.99),
    least: Math.min(...values),
    most: Math.max(...values),
    quartiles: quartilesOf(values),
  };
}

/**
 * The ratio of one thing to another. Both of a round met the same state of the machine, so their ratio holds where medians
 * of each by itself drift apart.
 * @param ours By round; a round without a value is left out.
 * @returns Undefined when no round has both.
 */
export function ratioByRound(
  ours: readonly (number | undefined)[],
  theirs: readonly (number | undefined)[],
): Ratio | undefined {
  const ratios = ours.flatMap((value, round) => {
    const other = theirs[round];
    return value === undefined || other === undefined || other === 0 ? [] : [value / other];
  });
  if (ratios.length === 0) return undefined;
  return { rounds: ratios.length, median: median(ratios), quartiles: quartilesOf(ratios) };
}

/** Those that are there. */
export const present = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);
