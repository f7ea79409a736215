/**
 * What runs with `keep` have come to, for a host that takes them up when the one that began them is gone: their output
 * from the first byte on, and their reports. Bounded, so that no program can use up the agent's memory by what it
 * prints: the runs that ended first go first, and one that alone is too large is kept no longer.
 */
import { encodeControl } from '../../src/protocol/frame.ts';
import { FrameLog } from './frame-log.ts';
import { BACKLOG_BYTES, type RunListener, type RunOutcome, type Speech } from './listener.ts';

/** How many runs that have ended are kept. */
export const MOST_ENDED = 8;
/** What the output of all of them may take, bytes. */
export const MOST_BYTES = 8 * 1024 * 1024;

export class KeptRuns {
  readonly #link: Speech;
  /** In the order they began. */
  readonly #runs = new Map<number, KeptRun>();
  /** In the order they ended. */
  readonly #ended = new Set<KeptRun>();

  constructor(link: Speech) {
    this.#link = link;
  }

  /** Takes a run in, whose host listens. It replaces an earlier one of the same id. */
  begin(id: number): RunListener {
    const earlier = this.#runs.get(id);
    if (earlier) this.#drop(earlier);
    const run = new KeptRun(id, this.#link, {
      makeRoom: (bytes) => this.#makeRoom(bytes),
      onEnd: () => this.#onEnd(run),
    });
    this.#runs.set(id, run);
    return run;
  }

  /**
   * Says all of a run again, from its first byte on, and goes on with it.
   * @returns Why that cannot be, if it cannot.
   */
  resume(id: number): string | undefined {
    const run = this.#runs.get(id);
    if (!run) return 'the run is not known any more';
    return run.attach() ? undefined : 'the output of the run is not all there any more';
  }

  /** The host is gone: they go on, and nobody is told. */
  detach(): void {
    for (const run of this.#runs.values()) run.detach();
  }

  /** The host has taken what it was sent. */
  goOn(): void {
    for (const run of this.#runs.values()) run.goOn();
  }

  #onEnd(run: KeptRun): void {
    this.#ended.add(run);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MOST_ENDED) break;
      this.#drop(oldest);
    }
  }

  #makeRoom(bytes: number): boolean {
    let taken = 0;
    for (const run of this.#runs.values()) taken += run.bytes;
    for (const oldest of this.#ended) {
      if (taken + bytes <= MOST_BYTES) break;
      taken -= oldest.bytes;
      this.#drop(oldest);
    }
    return taken + bytes <= MOST_BYTES;
  }

  #drop(run: KeptRun): void {
    run.forget();
    this.#ended.delete(run);
    if (this.#runs.get(run.id) === run) this.#runs.delete(run.id);
  }
}

type KeptRunEvents = {
  /** Whether so many bytes more may be kept. */
  readonly makeRoom: (bytes: number) => boolean;
  readonly onEnd: () => void;
};

class KeptRun implements RunListener {
  readonly id: number;
  readonly #link: Speech;
  readonly #events: KeptRunEvents;
  /** Undefined once it was too much. */
  #log: FrameLog | undefined = new FrameLog();
  #outcome: RunOutcome | undefined;
  /** Whether a host waits for more of it. */
  #isHeard = true;

  constructor(id: number, link: Speech, events: KeptRunEvents) {
    this.id = id;
    this.#link = link;
    this.#events = events;
  }

  /** Memory that its output takes, bytes. */
  get bytes(): number {
    return this.#log?.bytes ?? 0;
  }

  output(frame: Uint8Array): void {
    const cost = this.#log?.costOf(frame) ?? 0;
    if (cost > 0 && !this.#events.makeRoom(cost)) this.forget();
    if (this.#log) {
      this.#log.add(frame);
      this.#pass();
    } else if (this.#isHeard) this.#link.queue(frame);
  }

  end(outcome: RunOutcome): void {
    this.#outcome = outcome;
    this.goOn();
    this.#events.onEnd();
  }

  /** Begins again with its first byte. @returns Whether that is still there. */
  attach(): boolean {
    if (!this.#log) return false;
    this.#log.rewind();
    this.#isHeard = true;
    this.goOn();
    return true;
  }

  detach(): void {
    this.#isHeard = false;
  }

  goOn(): void {
    this.#pass();
    this.#link.flush();
  }

  /** Keeps no more of it. What a host waits for goes to the link, which has all of it then. */
  forget(): void {
    this.#pass(Number.POSITIVE_INFINITY);
    this.#log = undefined;
  }

  /** Hands on what has not been handed on, until more than `backlogBytes` wait for the host. */
  #pass(backlogBytes = BACKLOG_BYTES): void {
    const link = this.#link;
    while (this.#isHeard) {
      // Only what cannot be written now is told of once it has been.
      if (link.queuedBytes > backlogBytes) link.flush();
      if (link.queuedBytes > backlogBytes) return;
      const frames = this.#log?.read();
      if (frames) link.queue(frames);
      else if (this.#outcome) {
        link.queue(encodeControl(this.#outcome));
        this.#isHeard = false;
      } else return;
    }
  }
}
