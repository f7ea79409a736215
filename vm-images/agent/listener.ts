/** Where a run's output and its report go. */
import { encodeControl } from '../../src/protocol/frame.ts';
import type { ExitReport, RunRefused } from '../../src/protocol/messages.ts';
import type { Link } from './link.ts';

/** While more output than this waits for the host, the program waits as well. Bytes. */
export const BACKLOG_BYTES = 1024 * 1024;

/** What a run comes to: its report, or why it did not begin. */
export type RunOutcome = ExitReport | RunRefused;

/** The part of {@link Link} that says something. */
export type Speech = Pick<Link, 'queue' | 'flush' | 'queuedBytes'>;

export type RunListener = {
  /** Takes a frame of output, which a flush of the link sends. */
  output(frame: Uint8Array): void;
  /** Takes what comes after all output, and sends it. */
  end(outcome: RunOutcome): void;
  /** The host that asked for the run is gone. */
  detach(): void;
};

/** Passes everything on at once, to the host that asked for the run and to no later one. */
export class DirectListener implements RunListener {
  readonly #link: Speech;
  #isHeard = true;

  constructor(link: Speech) {
    this.#link = link;
  }

  output(frame: Uint8Array): void {
    if (this.#isHeard) this.#link.queue(frame);
  }

  end(outcome: RunOutcome): void {
    this.output(encodeControl(outcome));
    this.#link.flush();
  }

  detach(): void {
    this.#isHeard = false;
  }
}
