/** What the header of an answer says of the run behind it. */
import type { RunReceipt } from '../runner/receipt.ts';
import { exchangeOf } from './exchange.ts';

type Headers = Record<string, string | number>;

/** What an answer about a run tells, whether the run was in time or not. */
type Told = {
  readonly receipt: RunReceipt;
  /** The run was for an earlier request, under the same `Idempotency-Key`: its times are not this answer's. */
  readonly replayed: boolean;
};

export function tellOfRun(request: Request, headers: Headers, { receipt, replayed }: Told): void {
  if (replayed) {
    tellReplayed(headers);
    return;
  }
  exchangeOf(request).receipt = receipt;
  headers['server-timing'] = serverTiming(receipt);
}

export function tellReplayed(headers: Headers): void {
  headers['idempotent-replayed'] = 'true';
}

/** The stages as `Server-Timing` (W3C) has them, in ms. */
export function serverTiming({ queueMs, takeMs, agentMs, execMs, totalMs }: RunReceipt): string {
  const stages = { queue: queueMs, take: takeMs, agent: agentMs, exec: execMs, total: totalMs };
  return Object.entries(stages)
    .flatMap(([stage, ms]) => (ms === null ? [] : [`${stage};dur=${Math.round(ms * 1000) / 1000}`]))
    .join(', ');
}
