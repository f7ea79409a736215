/** Which ready guests are to be replaced by new ones, and in which order. */
import type { Standing } from './standing.ts';

export type TurnoverOptions<Entry> = {
  /** The ready guests, the next one to be handed out first. */
  readonly ready: () => readonly Entry[];
  readonly standing: ((template: string) => Standing) | undefined;
};

export class Turnover<Entry extends { readonly template: string }> {
  readonly #ready: () => readonly Entry[];
  readonly #standing: (template: string) => Standing;
  /** Those that are replaced whatever their template. */
  readonly #marked = new WeakSet<Entry>();

  constructor({ ready, standing = () => 'wanted' }: TurnoverOptions<Entry>) {
    this.#ready = ready;
    this.#standing = standing;
  }

  /** The next to be replaced. */
  get next(): Entry | undefined {
    return this.#ready().find((entry) => this.#isOld(entry));
  }

  /** Ready guests of templates that failed. */
  get failed(): readonly Entry[] {
    return this.#ready().filter((entry) => this.isFailed(entry));
  }

  isFailed({ template }: Entry): boolean {
    return this.#standing(template) === 'failed';
  }

  /** Has so many more be replaced, the oldest ones. */
  renew(count: number): void {
    const kept = this.#ready().filter((entry) => !this.#isOld(entry));
    for (const entry of kept.slice(0, count)) this.#marked.add(entry);
  }

  #isOld(entry: Entry): boolean {
    return this.#marked.has(entry) || this.#standing(entry.template) === 'outdated';
  }
}
