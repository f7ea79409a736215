/** Words and figures for people. */
import type { Solution } from './exercise.ts';
import type { Receipt, Verdict } from './grade.ts';

/** One line about a solution, and one for each case that it failed. */
export function report({ author, language }: Solution, verdicts: readonly Verdict[]): string {
  const passed = verdicts.filter(({ verdict }) => verdict === 'passed').length;
  const receipts = verdicts.flatMap(({ receipt }) => receipt ?? []);
  const mark = passed === verdicts.length ? '✓' : '✗';
  const head = `${mark} ${author.padEnd(6)} ${language.padEnd(11)} ${passed}/${verdicts.length}   ${figures(receipts)}`;
  const reasons = verdicts.flatMap((verdict, n) =>
    verdict.verdict === 'failed' ? [`    case ${n + 1}: ${verdict.why}`] : [],
  );
  return [head, ...reasons].join('\n');
}

/** The most that any run needed. */
function figures(receipts: readonly Receipt[]): string {
  const most = (name: keyof Receipt) => Math.max(0, ...receipts.map((receipt) => receipt[name] ?? 0));
  const mebibytes = (most('peakMemoryBytes') / 2 ** 20).toFixed(1);
  return [
    `queue ${most('queueMs').toFixed(0).padStart(5)} ms`,
    `run ${most('execMs').toFixed(0).padStart(5)} ms`,
    `cpu ${most('cpuMs').toFixed(0).padStart(5)} ms`,
    `memory ${mebibytes.padStart(6)} MiB`,
  ].join('   ');
}
