/** Whether a figure stays where it is over a long time. Pure. */

export type Point = { readonly seconds: number; readonly value: number };

/** How much a figure may grow over the time that is judged: a share of its median, and so much in any case. */
export type Bound = { readonly share: number; readonly more: number };

export type Verdict = {
  readonly median: number;
  /** Over the time that is judged. */
  readonly growth: number;
  /** What it has grown by at least, chance aside. */
  readonly growthAtLeast: number;
  readonly allowed: number;
  /** It has not grown by more than is allowed, or nobody can tell that it has grown at all. */
  readonly isFlat: boolean;
};

/** Caches, pools and the runtime's heap fill in the first third, which is not judged. */
const FIRST_JUDGED = 1 / 3;
/** The slope is of all pairs of points, of which more than so many points make too many. */
const MOST_POINTS = 600;

/** @returns undefined when there are too few points to tell. */
export function judge(points: readonly Point[], { share, more }: Bound): Verdict | undefined {
  const [first, last] = [points[0]?.seconds ?? 0, points.at(-1)?.seconds ?? 0];
  const from = first + (last - first) * FIRST_JUDGED;
  const judged = points.filter(({ seconds }) => seconds >= from);
  if (judged.length < 10) return undefined;
  const middle = median(judged.map(({ value }) => value));
  const allowed = share * middle + more;
  const slopes = slope(judged);
  const [growth, growthAtLeast] = [slopes.median * (last - from), slopes.low * (last - from)];
  return {
    median: middle,
    growth,
    growthAtLeast,
    allowed,
    isFlat: growth <= allowed || growthAtLeast <= 0,
  };
}

/** Standard deviations that chance is given: it goes over that once in a thousand times. */
const CHANCE = 3.09;

/**
 * How fast a figure grows, each second: the median of the slopes between all pairs of points (Theil and Sen's estimator,
 * Sen 1968), which up to 29 % of outliers do not move far; and the lower limit of that, from the same paper: by how many
 * of the slopes chance moves it is known of Kendall's rank correlation.
 */
export function slope(points: readonly Point[]): { readonly median: number; readonly low: number } {
  const every = Math.ceil(points.length / MOST_POINTS);
  const used = points.filter((_, index) => index % every === 0);
  const slopes: number[] = [];
  for (const [index, one] of used.entries()) {
    for (const other of used.slice(index + 1)) {
      if (other.seconds !== one.seconds)
        slopes.push((other.value - one.value) / (other.seconds - one.seconds));
    }
  }
  const n = used.length;
  const spread = CHANCE * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const low = slopes.toSorted((a, b) => a - b)[Math.floor((slopes.length - spread) / 2)];
  return { median: slopes.length === 0 ? 0 : median(slopes), low: low ?? Number.NEGATIVE_INFINITY };
}

/** Not a number when there are none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
