/** The states that a runner went through, and when. */

/** A `READY` runner's CPU is stopped; a `RUNNING` one's runs, whether or not a program does. */
export type RunnerState = 'RESTORING' | 'READY' | 'RUNNING' | 'RETIRING';

export type StateChange = {
  readonly state: RunnerState;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export class History {
  readonly #changes: [StateChange, ...StateChange[]];

  constructor(first: RunnerState) {
    this.#changes = [{ state: first, at: Date.now() }];
  }

  move(state: RunnerState): void {
    this.#changes.push({ state, at: Date.now() });
  }

  /** A copy: what is shown does not change afterwards. */
  get changes(): StateChange[] {
    return [...this.#changes];
  }

  /** The latest. */
  get now(): StateChange {
    return this.#changes.at(-1) ?? this.#changes[0];
  }
}
