/** The wait for the gate: until enough was seen of a template, the time is up, or somebody gives it up. */
import type { Figures } from './figures.ts';
import { type Gate, judge, type Verdict } from './gate.ts';

export type Decision = Exclude<Verdict, { is: 'open' }> | { readonly is: 'givenUp'; readonly why: string };

export class Trial implements Disposable {
  /** Never rejects. */
  readonly decision: Promise<Decision>;
  readonly #gate: Gate;
  readonly #figures: () => Figures;
  readonly #made = Promise.withResolvers<Decision>();
  readonly #timer: NodeJS.Timeout;
  readonly #stack = new DisposableStack();

  /** @param signal Its reason is why the template is given up. */
  constructor(gate: Gate, signal: AbortSignal, figures: () => Figures) {
    this.#gate = gate;
    this.#figures = figures;
    this.decision = this.#made.promise;
    this.#timer = setTimeout(() => this.#look(true), gate.seconds * 1000);
    const giveUp = () => this.#made.resolve({ is: 'givenUp', why: whyAborted(signal) });
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    this.#stack.defer(() => signal.removeEventListener('abort', giveUp));
  }

  /** To be called when the figures have changed. */
  readonly look = (): void => this.#look(false);

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stack[Symbol.dispose]();
  }

  #look(isTimeUp: boolean): void {
    const verdict = judge(this.#figures(), this.#gate, isTimeUp);
    if (verdict.is !== 'open') this.#made.resolve(verdict);
  }
}

export const whyAborted = ({ reason }: AbortSignal): string =>
  reason instanceof Error ? reason.message : String(reason);
