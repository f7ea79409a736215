/**
 * The chart of a report, as SVG: times of a hello world on a logarithmic axis, and below them the stages of a claim. It has a
 * ground of its own, so that it reads on any page, and follows the reader's colour scheme.
 */
import { present, quantile, summarize } from '../lib/statistics.ts';
import type { Run } from './results.ts';
import { nameOf } from './sections.ts';

const WIDTH = 900;
const LABELS = 430;
const RIGHT = 90;
const ROW = 24;
const TOP = 64;

/** Colours of series, the guest's and the server's, that can be told apart on both grounds. */
const STYLE = `
  .ground { fill: #ffffff } .text { fill: #1f2328 } .faint { fill: #59636e } .line { stroke: #d1d9e0 }
  .ours { fill: #0969da } .theirs { fill: #818b98 } .range-ours { stroke: #0969da } .range-theirs { stroke: #818b98 }
  .server { fill: #bf8700 } .rest { fill: #818b98 } .edge { stroke: #ffffff }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .text { fill: #f0f6fc } .faint { fill: #9198a1 } .line { stroke: #3d444d }
    .ours { fill: #4493f8 } .theirs { fill: #9198a1 } .range-ours { stroke: #4493f8 } .range-theirs { stroke: #9198a1 }
    .server { fill: #d29922 } .rest { fill: #9198a1 } .edge { stroke: #0d1117 }
  }
  text { font: 13px system-ui, sans-serif } .title { font-size: 15px; font-weight: 600 } .small { font-size: 11px }`;

const sanitize = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const plain = (markdown: string): string => sanitize(markdown.replaceAll(/[*`]/g, ''));
const text = (x: number, y: number, content: string, style = 'text', anchor = 'start') =>
  `<text x="${x}" y="${y}" class="${style}" text-anchor="${anchor}">${content}</text>`;
const inMs = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toPrecision(2)} s` : `${ms.toPrecision(3)} ms`;

/** @returns Undefined when nothing of it was measured. */
export function chart(run: Run): string | undefined {
  const times = timesOf(run, TOP);
  const stages = stagesOf(run, times.bottom + (times.drawn === '' ? 0 : 48));
  const drawn = [times.drawn, stages.drawn].filter((part) => part !== '');
  if (drawn.length === 0) return undefined;
  const height = stages.bottom + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmark">
<style>${STYLE}
</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
${drawn.join('\n')}
</svg>
`;
}

type Part = { readonly drawn: string; readonly bottom: number };

function timesOf({ results: { claim }, titles }: Run, top: number): Part {
  const rows = [...(claim?.measured ?? [])]
    .flatMap(([id, values]) => {
      const here = present(values);
      const summary = summarize(here);
      return summary ? [{ id, ...summary, low: quantile(here, 0.05) }] : [];
    })
    .sort((one, other) => one.median - other.median);
  if (rows.length === 0) return { drawn: '', bottom: top - 40 };
  const bottom = top + rows.length * ROW;
  const from = Math.floor(Math.log10(Math.min(...rows.map(({ low }) => low))));
  const to = Math.log10(Math.max(...rows.map(({ p95 }) => p95)));
  const x = (ms: number) => LABELS + ((Math.log10(ms) - from) / (to - from)) * (WIDTH - LABELS - RIGHT);
  const grid: string[] = [];
  for (let power = from; power <= to; power += 1) {
    const ms = 10 ** power;
    grid.push(`<line class="line" x1="${x(ms)}" x2="${x(ms)}" y1="${top - 8}" y2="${bottom}"/>`);
    grid.push(text(x(ms), bottom + 16, ms < 1000 ? `${ms} ms` : `${ms / 1000} s`, 'faint small', 'middle'));
  }
  const marks = rows.map(({ id, median, p95, low }, index) => {
    const y = top + index * ROW + ROW / 2 - 4;
    const whose = id.startsWith('claim-') ? 'ours' : 'theirs';
    return [
      text(LABELS - 16, y + 4, plain(nameOf(id, titles)), 'text', 'end'),
      `<line class="range-${whose}" stroke-width="2" x1="${x(low)}" x2="${x(p95)}" y1="${y}" y2="${y}"/>`,
      `<circle class="${whose}" cx="${x(median)}" cy="${y}" r="5"/>`,
      text(Math.max(x(p95), x(median)) + 10, y + 4, inMs(median), 'faint small'),
    ].join('');
  });
  const title = text(
    16,
    28,
    'Hello world: median, and from the 5th to the 95th percentile (logarithmic)',
    'text title',
  );
  return { drawn: [title, ...grid, ...marks].join('\n'), bottom: bottom + 20 };
}

function stagesOf({ results: { stages } }: Run, top: number): Part {
  if (!stages) return { drawn: '', bottom: top };
  const inside = stages.stages.reduce((sum, { ms }) => sum + ms, 0);
  const rest = { name: 'HTTP, client', ms: Math.max(0, stages.clientMs - inside), isGuest: undefined };
  const all = [...stages.stages, rest].filter(({ ms }) => ms > 0);
  const whole = all.reduce((sum, { ms }) => sum + ms, 0);
  const scale = (WIDTH - 32) / whole;
  let x = 16;
  const bars = all.map(({ name, ms, isGuest }, index) => {
    const [left, width] = [x, ms * scale];
    x += width;
    const whose = isGuest === undefined ? 'rest' : isGuest ? 'ours' : 'server';
    const column = 16 + (index % 4) * 208;
    const line = top + 76 + Math.floor(index / 4) * 20;
    return [
      `<rect class="${whose} edge" x="${left}" y="${top + 16}" width="${width}" height="32"/>`,
      width > 60 ? text(left + width / 2, top + 64, sanitize(name), 'faint small', 'middle') : '',
      `<rect class="${whose}" x="${column}" y="${line}" width="10" height="10"/>`,
      text(column + 16, line + 10, `${sanitize(name)} ${ms.toFixed(2)} ms`, 'text small'),
    ].join('');
  });
  const heading = `Where the ${inMs(stages.clientMs)} of a claim go: guest blue, server yellow`;
  return {
    drawn: [text(16, top, heading, 'text title'), ...bars].join('\n'),
    bottom: top + 76 + Math.ceil(all.length / 4) * 20,
  };
}
