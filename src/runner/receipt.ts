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

/**
 * The parts of a request's time in the server, in their order. One begins where the one before ends, so together they are
 * all of it.
 */
const STAGES = ['auth', 'parse', 'key', 'queue', 'take', 'send', 'agent', 'exec', 'reply'] as const;
type Stage = (typeof STAGES)[number];

/** What is measured: the guest's part is divided when it has reported, the last ends with the answer. */
type Lap = Exclude<Stage, 'agent' | 'exec' | 'reply'> | 'guest';

/** Where a request's time in the server went, ms. */
export type StageTimes = {
  /** Those that it went through, in their order. */
  readonly stages: readonly (readonly [stage: Stage, ms: number])[];
  /** From the guest's `cont` to QEMU's word that its CPU runs, in which the guest may be at work already. Null when that did not
   * come, or was not asked for. */
  readonly resumeMs: number | null;
  /** From the request to the guest to its report: `agent` and `exec` together. */
  readonly guestMs: number;
  /** The server's own part: all but the guest's and the queue. */
  readonly overheadMs: number;
  /** From the request's arrival to its answer. */
  readonly totalMs: number;
};

/** Follows one request from its arrival. */
export class Stopwatch {
  /** On the clock of `performance`, ms. */
  readonly arrivedAt = performance.now();
  readonly #laps: Partial<Record<Lap, number>> = {};
  /** When the latest stage ended. */
  #at = this.arrivedAt;
  /** When it was known what is asked. */
  #began = this.arrivedAt;
  #taken = this.arrivedAt;
  #resumeMs: number | null = null;
  #execMs: number | null = null;
  #times: StageTimes | undefined;

  /** A stage before the run is over. */
  lap(stage: 'auth' | 'parse' | 'key'): void {
    this.#end(stage);
  }

  /** What the receipt tells of begins. */
  begin(): void {
    this.#began = performance.now();
  }

  /** The guest is the request's own now, after so long in the queue; what follows is the exchange. */
  take(queueMs: number): void {
    this.#end('take');
    this.#laps.queue = queueMs;
    this.#laps.take = Math.max(0, (this.#laps.take ?? 0) - queueMs);
    this.#taken = this.#at;
  }

  /** The guest has been sent all that it needs. */
  sent(): void {
    this.#end('send');
  }

  /** QEMU says that the guest's CPU runs. */
  resumed(): void {
    // Not when the guest was faster.
    if (this.#laps.guest === undefined) this.#resumeMs = performance.now() - this.#at;
  }

  /** The guest's report is there, or nobody waits for it any more. */
  heard(): void {
    this.#end('guest');
  }

  /** Since the run began, ms. */
  get elapsedMs(): number {
    return toMicros(performance.now() - this.#began);
  }

  /** The receipt as of now. `cost` is what the guest reported, or null. */
  receipt(cost: Cost | null, bytesIn: number, bytesOut: number): RunReceipt {
    const now = performance.now();
    const exchangeMs = now - this.#taken;
    const execMs = cost && Math.min(cost.wallMs, this.#laps.guest ?? exchangeMs);
    const queueMs = this.#laps.queue ?? 0;
    this.#execMs = execMs;
    return {
      queueMs: toMicros(queueMs),
      takeMs: toMicros(Math.max(0, this.#taken - this.#began - queueMs)),
      agentMs: toMicros(exchangeMs - (execMs ?? 0)),
      execMs: execMs && toMicros(execMs),
      totalMs: toMicros(now - this.#began),
      cpuMs: cost && toMicros(Math.min(cost.cpuMs, exchangeMs)),
      peakMemoryBytes: cost?.peakMemoryBytes ?? null,
      bytesIn,
      bytesOut,
    };
  }

  /** The answer is made: where the time went until then. Later calls give the same. */
  finish(): StageTimes {
    this.#times ??= this.#sumUp();
    return this.#times;
  }

  #sumUp(): StageTimes {
    const now = performance.now();
    const { guest: guestMs = 0, queue = 0, ...laps } = this.#laps;
    const exec = this.#execMs ?? undefined;
    const all = { ...laps, queue, agent: guestMs - (exec ?? 0), exec, reply: now - this.#at };
    const totalMs = now - this.arrivedAt;
    return {
      stages: STAGES.flatMap((stage) => {
        const ms = all[stage];
        return ms === undefined ? [] : [[stage, ms] as const];
      }),
      resumeMs: this.#resumeMs,
      guestMs,
      overheadMs: totalMs - guestMs - queue,
      totalMs,
    };
  }

  #end(stage: Lap): void {
    const now = performance.now();
    this.#laps[stage] = now - this.#at;
    this.#at = now;
  }
}

/** Milliseconds, to the microsecond. */
const toMicros = (ms: number) => Math.round(ms * 1000) / 1000;
