/** What the header of an answer says of the run behind it. */
import type { RunReceipt, StageTimes } from '../runner/receipt.ts';
import { exchangeOf } from './exchange.ts';

type Headers = Record<string, string | number>;

/** For an answer about a run that was for this request, whether it was in time or not. */
export function tellReceipt(request: Request, headers: Headers, receipt: RunReceipt): void {
  const exchange = exchangeOf(request);
  exchange.receipt = receipt;
  // Read as the last thing of an answer, when its body has been made.
  const get = () => serverTiming(exchange.watch.finish());
  Object.defineProperty(headers, 'server-timing', { enumerable: true, get });
}

/** For the answer of an earlier request under the same `Idempotency-Key`: that one's times are not this one's. */
export function tellReplayed(headers: Headers): void {
  headers['idempotent-replayed'] = 'true';
}

/** For an answer about a run that can be asked for afterwards. */
export function tellRun(headers: Headers, run: string): void {
  headers['x-codeland-run'] = run;
}

/** As `Server-Timing` (https://www.w3.org/TR/server-timing/) has it, in ms. */
export function serverTiming({ stages, resumeMs, guestMs, overheadMs, totalMs }: StageTimes): string {
  const sums = { guest: guestMs, overhead: overheadMs, total: totalMs };
  const resume = resumeMs === null ? [] : [['resume', resumeMs] as const];
  return [...stages, ...resume, ...Object.entries(sums)]
    .map(([name, ms]) => `${name};dur=${Math.round(ms * 1000) / 1000}`)
    .join(', ');
}
