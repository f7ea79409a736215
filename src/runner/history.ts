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

  /** The states of a runner that an earlier server had. */
  static of(changes: readonly StateChange[]): History {
    const [first, ...others] = changes;
    if (!first) throw new Error('a runner has a state');
    const history = new History(first.state);
    history.#changes.splice(0, 1, first, ...others);
    return history;
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
