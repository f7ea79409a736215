// Walks what TypeScript programs use besides what the JavaScript warm-up walks. Leaves nothing behind.
import { existsSync } from 'node:fs';
import * as path from 'node:path';

type Shape = { readonly kind: 'circle'; radius: number } | { readonly kind: 'square'; side: number };
interface Repository<T extends { id: number }> {
  find(id: number): T | undefined;
}
// Programs use what this project's own code may not.
// @ts-expect-error
enum Level {
  Low = 1,
  High = 2,
}
// @ts-expect-error
namespace Names {
  export const first = 'Ada';
}
abstract class Store<T extends { id: number }> implements Repository<T> {
  protected readonly items = new Map<number, T>();
  // @ts-expect-error
  constructor(private readonly label: string) {}
  add(item: T): this {
    this.items.set(item.id, item);
    return this;
  }
  find(id: number): T | undefined {
    return this.items.get(id);
  }
  abstract describe(): string;
  get title(): string {
    return `${this.label} (${this.items.size})`;
  }
}
class Users extends Store<{ id: number; name: string; tags?: string[] }> {
  override describe(): string {
    return [...this.items.values()].map(({ name, tags = [] }) => `${name}:${tags.join('+')}`).join(', ');
  }
}

const area = (shape: Shape): number => {
  switch (shape.kind) {
    case 'circle':
      return Math.PI * shape.radius ** 2;
    case 'square':
      return shape.side ** 2;
  }
};
function first<T>(values: readonly T[], fallback: T): T {
  return values[0] ?? fallback;
}

const users = new Users('users').add({ id: 1, name: Names.first, tags: ['x'] }).add({ id: 2, name: 'Bob' });
const shapes: Shape[] = [
  { kind: 'circle', radius: 1 },
  { kind: 'square', side: 2 },
];
const sizes = { small: 1, large: 10 } satisfies Record<string, number>;
console.log(users.title, users.describe(), users.find(1)?.name as string, Level.Low, Level[1]);
console.log(
  shapes.map(area).map((value) => value.toFixed(2)),
  first([], 'none'),
  sizes.large,
);
console.log(existsSync('nowhere'), path.join('a', 'b'), JSON.stringify(shapes));

async function load(delay: number): Promise<number> {
  await new Promise<void>((resolve) => setTimeout(resolve, delay));
  return delay * 2;
}
try {
  console.log(await Promise.all([load(1), load(2)]));
  throw new TypeError('expected');
} catch (error: unknown) {
  console.error(error instanceof Error ? error.message : error);
}
