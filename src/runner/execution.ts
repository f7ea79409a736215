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
  /** Told when it runs again. */
  readonly onResumed?: () => void;
  /** When its time is up, whoever waits is told, and is to stop the guest: its processes are not killed. */
  readonly isHeld?: boolean;
};

/**
 * How a run ended: by the guest's report. `late`: none came. `held`: its time is up, and its processes are there still.
 */
export type Ending = ExitReport | 'late' | 'held';

/** A run that an earlier server began. */
export type ResumedOrder = Pick<ExecutionOrder, 'id' | 'outputBytes'> & {
  /** What it has left of its time, ms; not above 0 when that is over. */
  readonly leftMs: number;
};

/** Ends the wait. */
type Timer = { readonly ms: number; readonly as: 'late' | 'held' };

type Start = () => Promise<ExitReport>;

/**
 * How much longer than the program's own limit the guest may take to report, and after a kill, ms. A guest that is
 * late has been taken over or is stuck, and is ended from outside.
 */
const REPORT_GRACE_MS = 2_000;

/** How much later than the host the agent ends a run that is held, ms: never while somebody looks at the guest. */
const HOLD_MS = 3_600_000;

export class Execution {
  readonly output: OutputCollector;
  /** Rejects when the guest refuses or is lost, or as {@link fail}. */
  readonly ended: Promise<Ending>;
  readonly #guest: RunnerGuest;
  readonly #id: number;
  readonly #end = Promise.withResolvers<Ending>();
  #isOver = false;
  #timer: NodeJS.Timeout;

  private constructor(guest: RunnerGuest, id: number, timer: Timer, output: OutputCollector, start: Start) {
    this.#guest = guest;
    this.output = output;
    this.#id = id;
    const { resolve, reject } = this.#end;
    start().then(resolve, reject);
    this.#timer = this.#endIn(timer);
    this.ended = this.#end.promise.finally(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  /** The request is written and the guest resumed in one tick; whatever settles first decides. */
  static begin(guest: RunnerGuest, order: ExecutionOrder, output: OutputCollector): Execution {
    const { id, program, seconds, outputBytes, keep, resume, onResumed, isHeld = false } = order;
    const ms = seconds * 1000;
    const timer: Timer = isHeld ? { ms, as: 'held' } : { ms: ms + REPORT_GRACE_MS, as: 'late' };
    const timeLimitMs = isHeld ? ms + HOLD_MS : ms;
    const run = new Execution(guest, id, timer, output, () =>
      guest.run(
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
        output.add,
      ),
    );
    if (resume) guest.resume().then(onResumed, (cause: unknown) => run.fail(cause));
    return run;
  }

  /** Takes up a run that an earlier server began; its output comes again from the first byte on. */
  static takeUp(guest: RunnerGuest, { id, outputBytes, leftMs }: ResumedOrder): Execution {
    const output = new OutputCollector();
    const timer: Timer = { ms: Math.max(0, leftMs) + REPORT_GRACE_MS, as: 'late' };
    return new Execution(guest, id, timer, output, () =>
      guest.takeUp({ id, outputLimitBytes: outputBytes }, output.add),
    );
  }

  /** Has the guest's agent kill it, which must report soon. */
  kill(): void {
    if (this.#isOver) return;
    this.#guest.kill(this.#id);
    clearTimeout(this.#timer);
    this.#timer = this.#endIn({ ms: REPORT_GRACE_MS, as: 'late' });
  }

  /** Waits no longer. */
  fail(cause: unknown): void {
    this.#end.reject(cause);
  }

  #endIn({ ms, as }: Timer): NodeJS.Timeout {
    return setTimeout(() => this.#end.resolve(as), ms);
  }
}
