/** What the slices of a load come to. */
import { type CpuTimes, total } from '../lib/cpu.ts';
import type { Loaded } from '../lib/load.ts';
import { type Ratio, ratioByRound } from '../lib/statistics.ts';
import type { SustainedLoad, SustainedResult } from '../scenarios/sustained.ts';

export type LoadFigures = {
  readonly done: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly values: readonly number[];
  /** CPU time for each lifecycle, ms; undefined where it is not known. */
  readonly cpu:
    | { readonly server: CpuTimes; readonly guests: CpuTimes; readonly totalMs: number }
    | undefined;
  /** What the whole host used for each lifecycle beyond the service and the benchmark itself, ms. */
  readonly restMs: number | undefined;
};

const perSecond = ({ done, seconds }: Loaded): number => done / seconds;

export function figuresOf({ slices }: SustainedLoad): LoadFigures {
  const add = (figure: (slice: Loaded) => number) => slices.reduce((all, slice) => all + figure(slice), 0);
  const done = add((slice) => slice.done);
  const each = (part: 'server' | 'guests' | 'host'): CpuTimes => ({
    userMs: add(({ cpu }) => cpu?.[part].userMs ?? Number.NaN) / done,
    systemMs: add(({ cpu }) => cpu?.[part].systemMs ?? Number.NaN) / done,
  });
  const [server, guests] = [each('server'), each('guests')];
  const totalMs = total(server) + total(guests);
  const isKnown = done > 0 && !Number.isNaN(totalMs);
  return {
    done,
    errors: add((slice) => slice.errors),
    perSecond: done / add((slice) => slice.seconds),
    values: slices.flatMap((slice) => slice.values),
    cpu: isKnown ? { server, guests, totalMs } : undefined,
    restMs: isKnown ? total(each('host')) - totalMs - add((slice) => slice.ownCpuMs) / done : undefined,
  };
}

export const findLoad = (
  { loads }: SustainedResult,
  id: string,
  concurrency: number,
): SustainedLoad | undefined => loads.find((load) => load.id === id && load.concurrency === concurrency);

/** Lifecycles per second of one against another under the same load, by slice. */
export const throughputRatio = (
  ours: SustainedLoad | undefined,
  theirs: SustainedLoad | undefined,
): Ratio | undefined =>
  ours && theirs && ratioByRound(ours.slices.map(perSecond), theirs.slices.map(perSecond));
