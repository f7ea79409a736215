/** The states that a runner went through, and when. */
import type { RunnerState, StateChange } from './view.ts';

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
