import { QmpProtocolError } from './errors.ts';

const second = 1000;

/**
 * How many events a QEMU may send in a second. QEMU itself sends few; more come from a guest that causes them, and
 * whoever reads them pays for each.
 */
export class EventBudget {
  readonly #perSecond: number;
  #began = Number.NEGATIVE_INFINITY;
  #spent = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /**
   * Counts an event.
   * @param now On a clock that is never set, ms.
   * @throws QmpProtocolError when it is one too many for the second that began with the first.
   */
  spend(now: number): void {
    if (now - this.#began >= second) {
      this.#began = now;
      this.#spent = 0;
    }
    this.#spent += 1;
    if (this.#spent > this.#perSecond) {
      throw new QmpProtocolError(`The peer sent more than ${this.#perSecond} events in a second`);
    }
  }
}
