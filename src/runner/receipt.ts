/** What one request cost, and where its time went. */
import type { ExitReport } from '../protocol/messages.ts';

export type RunReceipt = {
  /** In the queue, until a guest was ready, ms. 0 for a request that did not wait. */
  readonly queueMs: number;
  /** To take the guest and give it its network, without the queue, ms. */
  readonly takeMs: number;
  /** To reach the agent and back: the exchange with the guest less `execMs`, ms. */
  readonly agentMs: number;
  /**
   * The program itself, ms: what the guest says, but no more than the exchange took. Null when nothing was run or
   * the guest did not say.
   */
  readonly execMs: number | null;
  /** From the request to its end, ms: the sum of the other four. */
  readonly totalMs: number;
  /**
   * CPU time of the program and its children, ms. The guest's own claim, bounded by what its one CPU can have done
   * during the exchange; nothing is charged by it.
   */
  readonly cpuMs: number | null;
  /** Peak memory of the program and its children, bytes. The guest's own claim. */
  readonly peakMemoryBytes: number | null;
  readonly bytesIn: number;
  /** Bytes that the program printed and that were kept. */
  readonly bytesOut: number;
};

/** What a receipt takes of the guest's report. */
export type Cost = Pick<ExitReport, 'wallMs' | 'cpuMs' | 'peakMemoryBytes'>;

/** Follows one request from its arrival. */
export class Stopwatch {
  readonly #began = performance.now();
  #taken = this.#began;
  #queueMs = 0;

  /** The guest is the request's own now, after so long in the queue; what follows is the exchange. */
  take(queueMs: number): void {
    this.#taken = performance.now();
    this.#queueMs = queueMs;
  }

  /** Since the request came, ms. */
  get elapsedMs(): number {
    return toMicros(performance.now() - this.#began);
  }

  /** The receipt as of now. `cost` is what the guest reported, or null. */
  receipt(cost: Cost | null, bytesIn: number, bytesOut: number): RunReceipt {
    const now = performance.now();
    const exchangeMs = now - this.#taken;
    const execMs = cost && Math.min(cost.wallMs, exchangeMs);
    return {
      queueMs: toMicros(this.#queueMs),
      takeMs: toMicros(Math.max(0, this.#taken - this.#began - this.#queueMs)),
      agentMs: toMicros(exchangeMs - (execMs ?? 0)),
      execMs: execMs && toMicros(execMs),
      totalMs: toMicros(now - this.#began),
      cpuMs: cost && toMicros(Math.min(cost.cpuMs, exchangeMs)),
      peakMemoryBytes: cost?.peakMemoryBytes ?? null,
      bytesIn,
      bytesOut,
    };
  }
}

/** Milliseconds, to the microsecond. */
const toMicros = (ms: number) => Math.round(ms * 1000) / 1000;
