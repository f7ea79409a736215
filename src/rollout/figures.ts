/** What came of the guests of one template. */

export type Figures = {
  /** Restores that ended, those that failed among them. */
  readonly restores: number;
  readonly restoresFailed: number;
  /** Runs that nobody ended, and those among them that their guest failed. */
  readonly runs: number;
  readonly runsFailed: number;
  /** Guests that died without being told to. */
  readonly guestsLost: number;
};

export class Tally {
  readonly #figures = { restores: 0, restoresFailed: 0, runs: 0, runsFailed: 0, guestsLost: 0 };

  get figures(): Figures {
    return { ...this.#figures };
  }

  restored(isFailed: boolean): void {
    this.#figures.restores += 1;
    if (isFailed) this.#figures.restoresFailed += 1;
  }

  ran(isFailed: boolean): void {
    this.#figures.runs += 1;
    if (isFailed) this.#figures.runsFailed += 1;
  }

  lost(): void {
    this.#figures.guestsLost += 1;
  }
}
