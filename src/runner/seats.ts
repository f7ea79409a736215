/** How many runners each owner has or waits for. */
import { TooManyRequestsError } from './errors.ts';
import type { Owner } from './terms.ts';

export class Seats {
  readonly #taken = new Map<string, number>();

  /**
   * Takes one until it is disposed of.
   * @param retryAfterSeconds Asked for when there is none.
   * @throws {TooManyRequestsError} When the owner has as many as it may.
   */
  take({ id, maxRunners }: Owner, retryAfterSeconds: () => number): Disposable {
    const taken = this.taken(id);
    if (maxRunners !== null && taken >= maxRunners) {
      throw new TooManyRequestsError(
        `this key may have no more than ${maxRunners} runners at once`,
        retryAfterSeconds(),
      );
    }
    return this.#seat(id);
  }

  /** Takes one that the owner has already, whatever it may have now. */
  adopt(id: string): Disposable {
    return this.#seat(id);
  }

  taken(id: string): number {
    return this.#taken.get(id) ?? 0;
  }

  #seat(id: string): Disposable {
    this.#taken.set(id, this.taken(id) + 1);
    let isFree = false;
    return {
      [Symbol.dispose]: () => {
        if (isFree) return;
        isFree = true;
        this.#free(id);
      },
    };
  }

  #free(id: string): void {
    const left = this.taken(id) - 1;
    if (left > 0) this.#taken.set(id, left);
    else this.#taken.delete(id);
  }
}
