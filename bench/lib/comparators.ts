/** Opens what the service is measured against. */
import type {
  Comparator,
  ComparatorContext,
  Comparators,
  HttpComparator,
  MissingComparator,
} from '../comparator.ts';
import { comparators } from '../comparators/mod.ts';

export type OpenComparators = AsyncDisposable & {
  readonly programs: readonly Comparator[];
  readonly servers: readonly HttpComparator[];
  readonly missing: readonly MissingComparator[];
};

/**
 * Those that are not here are listed, and left out.
 * @param wanted Kinds of them; others are not set up.
 */
export async function openComparators(
  context: ComparatorContext,
  wanted: readonly (keyof Comparators)[],
): Promise<OpenComparators> {
  await using stack = new AsyncDisposableStack();
  const missing: MissingComparator[] = [];
  const open = async <T extends AsyncDisposable>(
    factories: readonly ((context: ComparatorContext) => Promise<T | MissingComparator>)[],
  ): Promise<T[]> => {
    const opened: T[] = [];
    for (const factory of factories) {
      const made = await factory(context);
      if ('missing' in made) missing.push(made);
      else opened.push(stack.use(made));
    }
    return opened;
  };
  const factories = <K extends keyof Comparators>(kind: K): Comparators[K] | [] =>
    wanted.includes(kind) ? comparators[kind] : [];
  const programs = await open([...factories('programs'), ...factories('guests')]);
  const servers = await open(factories('servers'));
  const owned = stack.move();
  return { programs, servers, missing, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
