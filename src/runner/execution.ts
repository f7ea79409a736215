/** One run on a guest, from its request to its report. */
import { nowMicros } from '../guest/ready.ts';
import type { ExitReport, Program } from '../protocol/messages.ts';
import { OutputCollector } from './output.ts';
import type { RunnerGuest } from './ready-guest.ts';

export type ExecutionOrder = {
  /** Unique among the runs under way on the guest. */
  readonly id: number;
  readonly program: Program;
  readonly seconds: number;
  readonly outputBytes: number;
  /** The guest goes on after this run. */
  readonly keep: boolean;
  /** The guest's CPU is stopped still. */
  readonly resume: boolean;
};

/**
 * How much longer than the program's own limit the guest may take to report, and after a kill, ms. A guest that is
 * late has been taken over or is stuck, and is ended from outside.
 */
const REPORT_GRACE_MS = 2_000;

export class Execution {
  readonly output = new OutputCollector();
  /**
   * The guest's report, or `late` when none came. Rejects when the guest refuses or is lost, or as {@link fail}.
   */
  readonly ended: Promise<ExitReport | 'late'>;
  readonly #guest: RunnerGuest;
  readonly #id: number;
  readonly #end = Promise.withResolvers<ExitReport | 'late'>();
  #isOver = false;
  #timer: NodeJS.Timeout;

  /** The request is written and the guest resumed in one tick; whatever settles first decides. */
  constructor(guest: RunnerGuest, { id, program, seconds, outputBytes, keep, resume }: ExecutionOrder) {
    this.#guest = guest;
    this.#id = id;
    const { resolve, reject } = this.#end;
    const timeLimitMs = seconds * 1000;
    guest
      .run(
        {
          type: 'run',
          id,
          warmUp: false,
          keep,
          nowMicros: nowMicros(),
          ...program,
          timeLimitMs,
          outputLimitBytes: outputBytes,
        },
        this.output.add,
      )
      .then(resolve, reject);
    if (resume) guest.resume().catch(reject);
    this.#timer = this.#lateIn(timeLimitMs + REPORT_GRACE_MS);
    this.ended = this.#end.promise.finally(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  /** Has the guest's agent kill it, which must report soon. */
  kill(): void {
    if (this.#isOver) return;
    this.#guest.kill(this.#id);
    clearTimeout(this.#timer);
    this.#timer = this.#lateIn(REPORT_GRACE_MS);
  }

  /** Waits no longer. */
  fail(cause: unknown): void {
    this.#end.reject(cause);
  }

  #lateIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#end.resolve('late'), ms);
  }
}
