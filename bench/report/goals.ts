/** The goals of the service, each with what was measured. */
import { total } from '../lib/cpu.ts';
import type { Measured } from '../lib/rounds.ts';
import { median, present, quantile, ratioByRound } from '../lib/statistics.ts';
import { claimSide } from '../scenarios/claim.ts';
import { COMPARED_POOLS, poolSide } from '../scenarios/density.ts';
import { ownSide } from '../scenarios/sustained.ts';
import type { Results } from './results.ts';
import { figuresOf, findLoad, throughputRatio } from './sustained-figures.ts';

export type Goal = {
  readonly number: number;
  readonly what: string;
  readonly unit: string;
  /** Whether more is better. */
  readonly isFloor: boolean;
  readonly must: number;
  readonly aim: number;
  /** Undefined when it was not measured. */
  readonly figure: number | undefined;
  /** What the figure is made of. */
  readonly detail: string;
};

export type Verdict = 'aim met' | 'met' | 'not met' | 'not measured';

export function verdictOf({ figure, must, aim, isFloor }: Goal): Verdict {
  if (figure === undefined || Number.isNaN(figure)) return 'not measured';
  const reaches = (bound: number) => (isFloor ? figure >= bound : figure <= bound);
  if (reaches(aim)) return 'aim met';
  return reaches(must) ? 'met' : 'not met';
}

type Found = { readonly figure: number; readonly detail: string } | undefined;

const GOALS: readonly (Omit<Goal, 'number' | 'figure' | 'detail'> & {
  readonly find: (results: Results) => Found;
})[] = [
  {
    what: 'claim → JavaScript answer over HTTP, restore proof included',
    ...{ unit: '× N', isFloor: false, must: 0.35, aim: 0.15 },
    find: ({ claim }) => claim && ratioOf(claim.measured, claimSide('javascript'), 'node'),
  },
  {
    what: 'claim → Python answer',
    ...{ unit: '× P', isFloor: false, must: 2, aim: 1.2 },
    find: ({ claim }) => claim && ratioOf(claim.measured, claimSide('python'), 'python3'),
  },
  {
    what: 'p99 / p50 of a claim at concurrency 1, refill running behind',
    ...{ unit: '×', isFloor: false, must: 3, aim: 1.7 },
    find: ({ refill }) => refill && tailOf(refill.values),
  },
  {
    what: 'unseen richer program',
    ...{ unit: '× N', isFloor: false, must: 0.8, aim: 0.4 },
    find: ({ programs }) => programs && unseenOf(programs),
  },
  {
    what: 'empty pool → answer',
    ...{ unit: '× N', isFloor: false, must: 2, aim: 1.2 },
    find: ({ empty }) => empty && ratioOf(empty.measured, 'empty-javascript', 'node'),
  },
  {
    what: 'sustained JavaScript lifecycles/s against `bwrap node -e` behind the same HTTP server',
    ...{ unit: '×', isFloor: true, must: 0.5, aim: 1 },
    find: ({ sustained }) => sustained && throughputOf(sustained),
  },
  {
    what: 'CPU per JavaScript lifecycle, all processes, against the CPU of one native `node -e`',
    ...{ unit: '×', isFloor: false, must: 2, aim: 0.8 },
    find: ({ sustained }) => sustained && lifecycleCpuOf(sustained),
  },
  {
    what: 'PSS per ready guest (20 guests)',
    ...{ unit: 'MB', isFloor: false, must: 35, aim: 20 },
    find: ({ density }) => density && memoryOf(density),
  },
  {
    what: 'CPU of 80 idle ready guests',
    ...{ unit: '% of a core', isFloor: false, must: 0.5, aim: 0 },
    find: ({ density }) => density && idleOf(density),
  },
  {
    what: '80 guests against 5: claim latency',
    ...{ unit: '×', isFloor: false, must: 1.3, aim: 1.05 },
    find: ({ density }) =>
      density && ratioOf(density.measured, poolSide(COMPARED_POOLS.large), poolSide(COMPARED_POOLS.small)),
  },
  {
    what: 'server overhead per request outside agent and guest',
    ...{ unit: 'ms', isFloor: false, must: 2, aim: 0.7 },
    find: ({ stages }) =>
      stages && {
        figure: stages.overheadMs,
        detail: `by the server's clock; ${stages.outsideMs.toFixed(2)} ms with HTTP on both sides and the client`,
      },
  },
];

export const goalsOf = (results: Results): Goal[] =>
  GOALS.map(({ find, ...goal }, index) => {
    const found = find(results);
    return { ...goal, number: index + 1, figure: found?.figure, detail: found?.detail ?? '' };
  });

function ratioOf(measured: Measured, ours: string, theirs: string): Found {
  const [own, others] = [measured.get(ours) ?? [], measured.get(theirs) ?? []];
  const ratio = ratioByRound(own, others);
  if (!ratio) return undefined;
  const [one, other] = [median(present(own)), median(present(others))];
  const [low, high] = ratio.quartiles;
  return {
    figure: ratio.median,
    detail:
      `${one.toFixed(1)} ms to ${other.toFixed(1)} ms; half of ${ratio.rounds} rounds between ` +
      `${low.toFixed(2)} and ${high.toFixed(2)}`,
  };
}

function tailOf(values: readonly number[]): Found {
  const [middle, late] = [median(values), quantile(values, 0.99)];
  const few = values.length < 100 ? ', too few for a 99th percentile' : '';
  const detail = `${late.toFixed(1)} ms to ${middle.toFixed(1)} ms, ${values.length} claims${few}`;
  return { figure: late / middle, detail };
}

function unseenOf({ programs, measured }: NonNullable<Results['programs']>): Found {
  const node = measured.get('node') ?? [];
  const ratios = programs
    .filter(({ language }) => language === 'javascript')
    .flatMap(({ name }) => {
      const ratio = ratioByRound(measured.get(name) ?? [], node);
      return ratio ? [{ name, ratio: ratio.median }] : [];
    })
    .sort((one, other) => one.ratio - other.ratio);
  const [least, most] = [ratios[0], ratios.at(-1)];
  if (!least || !most) return undefined;
  return {
    figure: median(ratios.map(({ ratio }) => ratio)),
    detail:
      `median of ${ratios.length} programs in JavaScript; from ${least.ratio.toFixed(2)} (${least.name}) to ` +
      `${most.ratio.toFixed(2)} (${most.name})`,
  };
}

/** The pool that loads of every concurrency are measured with. */
const LOADED_POOL = 20;

function throughputOf(sustained: NonNullable<Results['sustained']>): Found {
  const ratios = sustained.loads
    .filter(({ id }) => id.includes('bwrap'))
    .flatMap((theirs) => {
      const { concurrency } = theirs;
      const ratio = throughputRatio(findLoad(sustained, ownSide(LOADED_POOL), concurrency), theirs);
      return ratio ? [{ concurrency, ratio: ratio.median }] : [];
    });
  if (ratios.length === 0) return undefined;
  return {
    figure: Math.min(...ratios.map(({ ratio }) => ratio)),
    detail: `the least of ${ratios.map(({ concurrency, ratio }) => `${ratio.toFixed(2)} at ${concurrency}`).join(', ')}`,
  };
}

function lifecycleCpuOf(sustained: NonNullable<Results['sustained']>): Found {
  const node = median(sustained.nodeCpuMs);
  const loads = sustained.loads.filter(({ id }) => id === ownSide(LOADED_POOL));
  const costs = loads.flatMap((load) => {
    const { cpu } = figuresOf(load);
    return cpu ? [{ concurrency: load.concurrency, ms: cpu.totalMs }] : [];
  });
  if (costs.length === 0 || Number.isNaN(node)) return undefined;
  return {
    figure: Math.max(...costs.map(({ ms }) => ms)) / node,
    detail:
      `the most of ${costs.map(({ concurrency, ms }) => `${ms.toFixed(0)} ms at ${concurrency}`).join(', ')}; ` +
      `node ${node.toFixed(1)} ms`,
  };
}

function memoryOf({ pools }: NonNullable<Results['density']>): Found {
  const each = pools.map(({ pool, memory }) => ({ pool, megabytes: memory.pssBytes / pool / 1e6 }));
  const [smaller] = each;
  if (!smaller) return undefined;
  const detail = each.map(({ pool, megabytes }) => `${megabytes.toFixed(1)} MB with ${pool}`).join(', ');
  return { figure: smaller.megabytes, detail };
}

function idleOf({ idle: { cpu, seconds } }: NonNullable<Results['density']>): Found {
  if (!cpu) return undefined;
  const percent = (ms: number) => ms / seconds / 10;
  return {
    figure: percent(total(cpu.guests)),
    detail: `over ${seconds} s; the server itself ${percent(total(cpu.server)).toFixed(2)} %`,
  };
}
