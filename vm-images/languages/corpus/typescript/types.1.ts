// What TypeScript adds to the language: enums, generics, decorators, parameter properties, namespaces, unions.
// Ends with an error that nobody catches, in code whose lines the transpiler has moved.
import { readFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import * as path from 'node:path';

enum Direction {
  North,
  East = 5,
  South,
  West,
}
enum Status {
  Open = 'open',
  Closed = 'closed',
}
const enum Flag {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
}
namespace Geometry {
  export const unit = 1;
  export function area(shape: Shape): number {
    switch (shape.kind) {
      case 'circle':
        return Math.PI * shape.radius ** 2;
      case 'box':
        return shape.width * shape.height * unit;
      default: {
        const never: never = shape;
        return never;
      }
    }
  }
}
type Shape =
  | { readonly kind: 'circle'; radius: number }
  | { readonly kind: 'box'; width: number; height: number };
type Keys<T> = { [K in keyof T as `get${Capitalize<string & K>}`]?: () => T[K] };
type Deep<T> = T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;
interface Entity<Id extends string | number = number> {
  readonly id: Id;
  label?: string;
  meta?: Record<string, unknown>;
}
interface Store<T extends Entity> extends Iterable<T> {
  add(...items: T[]): this;
  get(id: T['id']): T | undefined;
}

function logged(target: unknown, context: ClassMethodDecoratorContext): void;
function logged<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  context: ClassMethodDecoratorContext,
) {
  return function (this: This, ...args: Args): Result {
    console.log(`calling ${String(context.name)}`, args.length);
    return method.call(this, ...args);
  };
}

abstract class Base {
  protected constructor(protected readonly title: string) {}
  abstract describe(): string;
}

class Memory<T extends Entity> extends Base implements Store<T> {
  readonly #items = new Map<T['id'], T>();
  static instances: number = 0;
  declare hint?: string;

  constructor(
    title: string,
    private readonly limit = 3,
    public extra?: Partial<T>,
  ) {
    super(title);
    Memory.instances++;
  }

  @logged
  add(...items: T[]): this {
    for (const item of items) {
      if (this.#items.size >= this.limit) throw new RangeError(`${this.title} is full`);
      this.#items.set(item.id, { ...this.extra, ...item });
    }
    return this;
  }

  get(id: T['id']): T | undefined {
    return this.#items.get(id);
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    yield* this.#items.values();
  }

  override describe(): string {
    return `${this.title}: ${[...this].map(({ id, label }) => label ?? `#${id}`).join(', ')}`;
  }

  get size(): number {
    return this.#items.size;
  }
}

const store = new Memory<Entity & { price: number }>('shelf').add({ id: 1, label: 'lamp', price: 12.5 }, { id: 2, price: 3 });
console.log(store.describe(), store.size, store.get(1)?.price!.toFixed(2), store, Memory.instances);
try {
  store.add({ id: 3, price: 1 }, { id: 4, price: 2 });
} catch (error: unknown) {
  if (error instanceof RangeError) console.log(error.message);
}
console.log(Direction.South, Direction[5], Status.Open, Object.values(Status), Flag.Read | Flag.Write, Geometry.area({ kind: 'box', width: 2, height: 3 }));
const shapes: Shape[] = [{ kind: 'circle', radius: 1 }, { kind: 'box', width: 2, height: 2 }];
console.log(shapes.map(Geometry.area).map((area) => area.toFixed(3)), shapes satisfies readonly Shape[]);

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
function assertPositive(value: number): asserts value {
  if (value <= 0) throw new Error(`${value} is not positive`);
}
function parse(text: string): number;
function parse(text: string, fallback: number): number;
function parse(text: string, fallback = Number.NaN): number {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? fallback : value;
}
const pick = <T, const K extends readonly (keyof T)[]>(from: T, ...keys: K): Pick<T, K[number]> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K[number]>;
const pairs: [string, number][] = Object.entries({ a: 1, b: 2 } as const);
const getters: Keys<{ name: string; size: number }> = { getName: () => 'n' };
const frozen: Deep<{ a: { b: number[] } }> = Object.freeze({ a: { b: [1] } });
assertPositive(parse('4.5px'));
console.log(pick({ x: 1, y: 2, z: 3 }, 'x', 'z'), pairs, parse('none', 7), ['a', 1, null].filter(isString), getters.getName?.(), frozen.a.b[0]);

type Result<T, E = Error> = { ok: true; value: T } | { ok: false; error: E };
async function attempt<T>(job: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await job() };
  } catch (cause) {
    return { ok: false, error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}
class Queue<T> {
  private readonly waiting: Array<T> = [];
  enqueue = (value: T): number => this.waiting.push(value);
  dequeue(): T | undefined {
    return this.waiting.shift();
  }
  static of<T>(...values: T[]): Queue<T> {
    const queue = new Queue<T>();
    values.forEach(queue.enqueue);
    return queue;
  }
}
const queue = Queue.of<bigint | string>(1n, 'two');
console.log(queue.dequeue(), queue.dequeue(), queue.dequeue() ?? 'empty');
const results = await Promise.all([
  attempt(async () => 42),
  attempt<string>(async () => {
    throw new TypeError('not today');
  }),
]);
for (const result of results) console.log(result.ok ? result.value : result.error.message);
async function* numbered<T>(source: Iterable<T>): AsyncGenerator<[number, T]> {
  let at = 0;
  for (const value of source) yield [at++, value];
}
for await (const [at, value] of numbered(new Set(['x', 'y']))) console.log(at, value);
class Timer implements Disposable {
  [Symbol.dispose](): void {
    console.log('disposed');
  }
}
{
  using _timer = new Timer();
  console.log('inside');
}
let stats: Stats | undefined;
const input: string = readFileSync(0, 'utf8');
const table = input.trim().split('\n').map((line): Record<string, string> => Object.fromEntries(line.split(' ').map((field) => field.split('=') as [string, string])));
console.log(table, stats, path.join('a', '..', 'b'), (<T,>(value: T): T => value)(3), input!.length as number);
const accessor = { _value: 0, get value(): number { return this._value; }, set value(next: number) { this._value = next; } };
accessor.value = 5;
let counts: { [word: string]: number } = {};
for (const word of 'to be or not to be'.split(' ')) counts[word] = (counts[word] ?? 0) + 1;
const memo: Map<number, number> = new Map();
const steps = (n: number): number => memo.get(n) ?? (memo.set(n, n < 2 ? 1 : steps(n - 1) + steps(n - 2)), memo.get(n)!);
const matrix: number[][] = Array.from({ length: 3 }, (_, row) => Array.from({ length: 3 }, (_, column) => row * column));
console.log(accessor.value, counts, steps(40), matrix, typeof Symbol('u') as 'symbol');

interface Job {
  readonly name: string;
  run(attempt: number): Promise<void>;
}

class Scheduler {
  constructor(private readonly jobs: readonly Job[]) {}

  async runAll(): Promise<void> {
    for (const job of this.jobs) await job.run(1);
  }
}

await new Scheduler([
  { name: 'fine', run: async () => console.log('fine') },
  {
    name: 'broken',
    run: (attempt: number): Promise<void> => Promise.reject(new TypeError(`attempt ${attempt} failed`)),
  },
]).runAll();
