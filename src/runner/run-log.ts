/** The runs of one runner that stays: those under way, and the latest that have ended, with their output. */
import { bootMs } from '../lib/boot-clock.ts';
import type { ExitReport } from '../protocol/messages.ts';
import type { Ending } from './execution.ts';
import type { BegunRun, Journal, RunEnd, RunOutcome } from './journal.ts';
import type { OutputCollector } from './output.ts';

/** What is told of a run. Times are milliseconds since 1970. */
export type RunView = {
  readonly id: string;
  /** `lost`: it ended in a way that nobody knows. */
  readonly state: 'running' | 'ended' | 'lost';
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Output that can be asked for, of both streams together, bytes. */
  readonly outputBytes: number;
  /** A part of the output, in the order it was written: from this offset on, and to before that one. */
  output(from: number, to: number): Uint8Array;
  /** Settles when there is more output, or the run is over. Never rejects. */
  change(): Promise<void>;
  /** Null until it has ended, and when nobody knows. */
  readonly outcome: RunOutcome | null;
};

/** Ended runs that are kept: so many, and so many bytes of output together, but always the latest. */
const KEPT_RUNS = 8;
const KEPT_BYTES = 2 * 2 ** 20;

type Entry = {
  readonly run: BegunRun;
  readonly output: OutputCollector;
  end: RunEnd | null;
  /** False while the guest has not repeated the output of a run that ended before; it may have let go of it. */
  isWhole: boolean;
};

export const runId = (number: number): string => `run-${number}`;

export class RunLog {
  readonly #runner: string;
  readonly #journal: Journal;
  /** In the order they began. */
  readonly #entries = new Map<number, Entry>();
  /** In the order they ended: a long run is not forgotten for shorter ones that began after it. */
  #ended = new Set<Entry>();

  constructor(runner: string, journal: Journal) {
    this.#runner = runner;
    this.#journal = journal;
  }

  /** To be called before the run's request is sent: what begins is never unknown. */
  begin(order: Omit<BegunRun, 'startedAt' | 'startedBootMs'>, output: OutputCollector): void {
    const run = { ...order, startedAt: Date.now(), startedBootMs: bootMs() };
    this.#entries.set(run.number, { run, output, end: null, isWhole: true });
    this.#journal.began(this.#runner, run);
  }

  /** Takes over what an earlier server wrote down. */
  adopt(run: BegunRun, output: OutputCollector, end: RunEnd | null): void {
    const entry = { run, output, end, isWhole: end === null };
    this.#entries.set(run.number, entry);
    if (end) this.#ended = new Set([...this.#ended, entry].sort(byEnd));
  }

  /**
   * Of a run that ended before, only whether its output has come again.
   * @param ending Null: nobody knows.
   */
  end(number: number, ending: Ending | null): void {
    const entry = this.#entries.get(number);
    if (!entry) return;
    const outcome = ending === null || typeof ending === 'string' ? null : outcomeOf(ending);
    if (entry.end) {
      entry.isWhole = outcome !== null;
      return;
    }
    entry.end = { endedAt: Date.now(), endedBootMs: bootMs(), outcome };
    this.#ended.add(entry);
    this.#journal.ended(this.#runner, number, entry.end);
    entry.output.tell();
    this.#trim();
  }

  get list(): RunView[] {
    return [...this.#entries.values()].map(view);
  }

  #trim(): void {
    const ended = [...this.#ended];
    let bytes = ended.reduce((sum, { output }) => sum + output.bytes, 0);
    // A later server counts on from the number of the one that began last.
    const last = [...this.#entries.keys()].at(-1);
    for (const entry of ended.slice(0, -1)) {
      const { run, output } = entry;
      if (this.#ended.size <= KEPT_RUNS && bytes <= KEPT_BYTES) return;
      if (run.number === last) continue;
      bytes -= output.bytes;
      this.#ended.delete(entry);
      this.#entries.delete(run.number);
      this.#journal.dropped(this.#runner, run.number);
    }
  }
}

const byEnd = (a: Entry, b: Entry): number => (a.end?.endedBootMs ?? 0) - (b.end?.endedBootMs ?? 0);

function outcomeOf({ code, signal, timedOut, truncated, outOfMemory }: ExitReport): RunOutcome {
  return { exitCode: code, signal, timedOut, truncated, outOfMemory };
}

function view({ run, output, end, isWhole }: Entry): RunView {
  const outcome = end?.outcome ?? null;
  return {
    id: runId(run.number),
    state: end === null ? 'running' : end.outcome ? 'ended' : 'lost',
    startedAt: run.startedAt,
    endedAt: end?.endedAt ?? null,
    outputBytes: output.bytes,
    output: (from, to) => output.part(from, to),
    change: () => output.change(),
    outcome: outcome && { ...outcome, truncated: outcome.truncated || !isWhole },
  };
}
