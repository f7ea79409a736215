/** Chance that can be had again: the same seed gives the same numbers. */
export class Random {
  #state: number;

  /** @param seed A whole number below 2³². */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. Mulberry32, by Tommy Ettinger: one multiplication short of a hash of a counter. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both among them. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** @throws {Error} When there is none. */
  pick<T>(items: readonly T[], weight: (item: T) => number = () => 1): T {
    let left = this.next() * items.reduce((sum, item) => sum + weight(item), 0);
    const found = items.find((item) => {
      left -= weight(item);
      return left < 0;
    });
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }

  /** Of letters and digits. */
  word(): string {
    return Math.floor(this.next() * 2 ** 52).toString(36);
  }
}
