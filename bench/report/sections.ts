/** The tables of the report, one for each scenario. */
import { total } from '../lib/cpu.ts';
import type { Measured } from '../lib/rounds.ts';
import { median, present, type Ratio, ratioByRound, type Summary, summarize } from '../lib/statistics.ts';
import { NATIVE_SUFFIX } from '../scenarios/programs.ts';
import { figure, markdownTable } from './markdown.ts';
import type { Run } from './results.ts';
import { figuresOf } from './sustained-figures.ts';

const TIMES = ['median', 'p95', 'p99'];
const times = (summary: Summary | undefined): string[] =>
  summary ? [figure(summary.median), figure(summary.p95), figure(summary.p99)] : ['–', '–', '–'];
const spread = (ratio: Ratio | undefined): string =>
  ratio ? `${figure(ratio.median)} (${figure(ratio.quartiles[0])}–${figure(ratio.quartiles[1])})` : '–';

/** As a reader knows it: a comparator by its title, a side of ours in words. */
export function nameOf(id: string, titles: Run['titles']): string {
  const own = /^(claim|exec|empty)-(.*)$/.exec(id);
  if (own?.[1] === 'claim') return `**CodeLand**, ${own[2]}`;
  if (own?.[1] === 'exec') return `a run, ${own[2]}`;
  if (own?.[1] === 'empty') return `**CodeLand**, ${own[2]}, no guest ready`;
  const title = titles.get(id);
  if (title !== undefined) return title;
  const comparator = [...titles].find(([other]) => id.startsWith(`${other}-`));
  return comparator ? `${comparator[1]}, ${id.slice(comparator[0].length + 1)}` : id;
}

/** Each side's times, and its ratio to native `node` and `python3`, round by round. */
function sidesTable(measured: Measured, titles: Run['titles']): string {
  const [node, python] = [measured.get('node'), measured.get('python3')];
  const rows = [...measured].map(([id, values]) => {
    const summary = summarize(present(values));
    const ratio = (other: typeof node) => spread(other && ratioByRound(values, other));
    return [nameOf(id, titles), String(summary?.count ?? 0), ...times(summary), ratio(node), ratio(python)];
  });
  return markdownTable(['ms', 'runs', ...TIMES, '× N', '× P'], rows);
}

function claims({ results: { claim }, titles }: Run): string {
  if (!claim) return '';
  return `## Hello world, one request at a time

From the request to its answer over HTTP on loopback, a pool of ${claim.pool} full and at rest before each; comparators from their
start to their output. N is native \`node -e\`, P native \`python3 -c\`; the ratio is the median of each round's own, with
the range that half of the rounds are in.

${sidesTable(claim.measured, titles)}`;
}

function refills({ results: { refill } }: Run): string {
  if (!refill) return '';
  return `## With the refill running behind

Claims one after the other without a pause, pool ${refill.pool}, never empty; the first of each batch, which has no restore behind it,
does not count. ${refill.queued} of them had to wait for a guest.

${markdownTable(['ms', 'claims', ...TIMES], [['JavaScript', String(refill.values.length), ...times(summarize(refill.values))]])}`;
}

function unseen({ results: { programs } }: Run): string {
  if (!programs) return '';
  const { measured, rounds } = programs;
  const node = measured.get('node') ?? [];
  const rows = programs.programs.map(({ name, language }) => {
    const [ours, native] = [measured.get(name) ?? [], measured.get(name + NATIVE_SUFFIX) ?? []];
    return [
      `[${name}](../bench/programs/unseen/${name})`,
      language,
      figure(median(present(ours))),
      figure(median(present(native))),
      spread(ratioByRound(ours, native)),
      spread(ratioByRound(ours, node)),
    ];
  });
  const headings = ['program', 'language', 'CodeLand', 'native', 'ratio', '× N'];
  return `## Programs that no warm-up has

Medians of ${rounds} rounds, ms. Native is the same program on this host's node, bun (TypeScript), python3 or bash; N is still the
hello world of \`node -e\`, ${figure(median(present(node)))} ms here.

${markdownTable(headings, rows, [false, false, true, true, true, true])}`;
}

function emptyPool({ results: { empty, burst }, titles }: Run): string {
  const parts: string[] = [];
  if (empty) {
    parts.push(`## No guest ready

Another request, sent in the same moment, takes the only guest; no restore is under way before.

${sidesTable(empty.measured, titles)}`);
  }
  if (burst) {
    const rows = burst.sides.map(({ id, values, errors }) => [
      id === 'codeland' ? '**CodeLand**' : nameOf(id, titles),
      ...times(summarize(values)),
      figure(Math.max(...values)),
      String(errors),
    ]);
    parts.push(`## ${burst.requests} requests at once, pool ${burst.pool}

${burst.bursts} bursts, ms.

${markdownTable(['ms', ...TIMES, 'most', 'errors'], rows)}`);
  }
  return parts.join('\n\n');
}

function loads({ results: { sustained }, titles }: Run): string {
  if (!sustained) return '';
  const rows = sustained.loads.map((load) => {
    const { done, errors, perSecond, values, cpu, restMs } = figuresOf(load);
    const pool = /^codeland-(\d+)$/.exec(load.id)?.[1];
    const summary = summarize(values);
    return [
      pool === undefined ? nameOf(load.id, titles) : `**CodeLand**, pool ${pool}`,
      String(load.concurrency),
      String(done),
      String(errors),
      figure(perSecond),
      figure(summary?.median),
      figure(summary?.p99),
      figure(cpu && total(cpu.server)),
      figure(cpu?.guests.userMs),
      figure(cpu?.guests.systemMs),
      figure(cpu?.totalMs),
      figure(restMs),
    ];
  });
  const headings = ['', 'clients', 'done', 'errors', 'a second', 'median ms', 'p99 ms'];
  const costs = ['server', 'guests', 'their kernel', 'sum', 'rest of host'];
  return `## Sustained load

Lifecycles of a JavaScript hello world: request, answer, and the guest that replaces the used one; a slice of load ends when the
pool is full again. To the right, CPU ms for each lifecycle: the server's process, all else that it started in user mode (QEMU under
TCG; the programs, of the others) and in the kernel, their sum, and what the host used besides, without the load's clients. A native
\`node -e\` of the same takes ${figure(median(sustained.nodeCpuMs))} ms of CPU.${sustained.noCpu === '' ? '' : ` CPU is not known: ${sustained.noCpu}.`}

${markdownTable([...headings, ...costs], rows)}`;
}

function densities({ results: { density } }: Run): string {
  if (!density) return '';
  const rows = density.pools.map(({ pool, startMs, memory }) => [
    String(pool),
    figure(memory.pssBytes / pool / 1e6),
    figure(memory.privateBytes / pool / 1e6),
    figure(memory.processes / pool),
    figure(memory.serverPssBytes / 1e6),
    figure(startMs / 1000),
  ]);
  const [few, many] = density.pools;
  const more =
    few && many
      ? (few.memory.availableBytes - many.memory.availableBytes) / (many.pool - few.pool)
      : Number.NaN;
  const { idle } = density;
  const percent = (ms: number | undefined) => figure(ms === undefined ? undefined : ms / idle.seconds / 10);
  return `## Density

Memory of all processes that guests have, by \`smaps_rollup\`: a page that several map is divided among them (PSS), so the template's
memory, which all guests share until they write to it, counts once. By what the host says is available, each guest more takes
${figure(more / 1e6)} MB, the kernel's part included; what else this host did meanwhile counts there too.

${markdownTable(['pool', 'PSS MB/guest', 'its own MB', 'processes/guest', 'server MB', 'start to full pool, s'], rows, [true, true, true, true, true, true])}

CPU of ${idle.pool} ready guests over ${idle.seconds} s: ${percent(idle.cpu && total(idle.cpu.guests))} % of a core; of the server itself ${percent(idle.cpu && total(idle.cpu.server))} %.

${markdownTable(
  ['claim, ms', 'runs', ...TIMES],
  [...density.measured].map(([id, values]) => [
    id.replace('-', ' '),
    String(present(values).length),
    ...times(summarize(present(values))),
  ]),
)}`;
}

function runners({ results: { persistent } }: Run): string {
  if (!persistent) return '';
  const { measured, outputBytes, throughput } = persistent;
  const of = (id: string) => summarize(present(measured.get(id) ?? []));
  const rows = [...measured]
    .filter(([id]) => id.startsWith('exec-'))
    .map(([id]) => [nameOf(id, new Map()), String(of(id)?.count ?? 0), ...times(of(id))]);
  const output = of('output')?.median;
  return `## On a runner that stays

${markdownTable(['ms', 'runs', ...TIMES], rows)}

Runs of bash in a second: ${throughput.map(({ concurrency, perSecond }) => `${figure(perSecond)} with ${concurrency} clients`).join(', ')}.
A program that reads 1 MB of input from its request is answered in ${figure(of('input')?.median)} ms. 100 MB of output, in two answers
as one keeps at most 64 MiB, take ${figure(output === undefined ? undefined : (2 * output) / 1000)} s, ${figure(output === undefined ? undefined : outputBytes / 1e3 / output)} MB a second.`;
}

function path({ results: { stages } }: Run): string {
  if (!stages) return '';
  const rows = stages.stages.map(({ name, ms, isGuest }) => [
    name,
    isGuest ? 'guest' : 'server',
    ms.toFixed(3),
  ]);
  const inside = stages.stages.reduce((sum, { ms }) => sum + ms, 0);
  rows.push(['HTTP, kernel, client', '', Math.max(0, stages.clientMs - inside).toFixed(3)]);
  return `## Where the time of a claim goes

Medians of ${stages.requests} claims of JavaScript, from \`Server-Timing\`; a client sees ${figure(stages.clientMs)} ms. The server's own part is
${figure(stages.overheadMs)} ms by its clock.

${markdownTable(['stage', 'whose', 'ms'], rows, [false, false, true])}`;
}

/** Those of what was measured, in their order. */
export const sectionsOf = (run: Run): string[] =>
  [claims, refills, unseen, emptyPool, loads, densities, runners, path]
    .map((section) => section(run))
    .filter((text) => text !== '');
