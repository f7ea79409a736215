/** What the header of an answer says of the run behind it. */
import type { RunReceipt } from '../runner/receipt.ts';
import { exchangeOf } from './exchange.ts';

type Headers = Record<string, string | number>;

/** For an answer about a run that was for this request, whether it was in time or not. */
export function tellReceipt(request: Request, headers: Headers, receipt: RunReceipt): void {
  exchangeOf(request).receipt = receipt;
  headers['server-timing'] = serverTiming(receipt);
}

/** For the answer of an earlier request under the same `Idempotency-Key`: that one's times are not this one's. */
export function tellReplayed(headers: Headers): void {
  headers['idempotent-replayed'] = 'true';
}

/** For an answer about a run that can be asked for afterwards. */
export function tellRun(headers: Headers, run: string): void {
  headers['x-codeland-run'] = run;
}

/** The stages as `Server-Timing` (W3C) has them, in ms. */
export function serverTiming({ queueMs, takeMs, agentMs, execMs, totalMs }: RunReceipt): string {
  const stages = { queue: queueMs, take: takeMs, agent: agentMs, exec: execMs, total: totalMs };
  return Object.entries(stages)
    .flatMap(([stage, ms]) => (ms === null ? [] : [`${stage};dur=${Math.round(ms * 1000) / 1000}`]))
    .join(', ');
}
