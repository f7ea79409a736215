interface Cache<Key, Value> extends Iterable<readonly [Key, Value]> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): this;
  readonly size: number;
}

class LeastRecentlyUsed<Key extends string | number, Value> implements Cache<Key, Value> {
  readonly #capacity: number;
  readonly #entries = new Map<Key, Value>();
  hits = 0;
  misses = 0;
  constructor(capacity: number) {
    this.#capacity = capacity;
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }
  set(key: Key, value: Value): this {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#capacity && oldest !== undefined) this.#entries.delete(oldest);
    return this;
  }
  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    yield* this.#entries;
  }
}

function memoize<A extends number, R>(work: (argument: A) => R, cache: Cache<A, R>): (argument: A) => R {
  return (argument) => {
    const known = cache.get(argument);
    if (known !== undefined) return known;
    const result = work(argument);
    cache.set(argument, result);
    return result;
  };
}

const cache = new LeastRecentlyUsed<number, bigint>(8);
const paths: (n: number) => bigint = memoize(
  (n) => (n < 3 ? BigInt(Math.max(n, 1)) : paths(n - 1) + paths(n - 2)),
  cache,
);
console.log(paths(60).toLocaleString('en-US'), cache.hits, cache.misses, cache.size);
console.log([...cache].map(([key, value]) => `${key}:${value % 1000n}`).join(' '));
const letters = new LeastRecentlyUsed<string, number>(2).set('a', 1).set('b', 2);
letters.get('a');
letters.set('c', 3);
console.log(Object.fromEntries(letters), letters.get('b') ?? 'gone');
