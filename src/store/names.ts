/** Names of guests: `runner-<n>`, none of them twice in a data folder, however often a server starts over it. */
import { Type } from '@sinclair/typebox';
import type { Database } from './database.ts';
import { checkRow } from './row.ts';

/** Numbers that are taken from the database at once: a restore must not write to it. A killed server loses the rest. */
const BLOCK = 100;

const Row = Type.Object({ next: Type.Integer({ minimum: 1 }) });

/**
 * Gives a new name with each call.
 * @throws What SQLite says, when no further block can be written down.
 */
export function guestNames(database: Database): () => string {
  const reserve = database.prepare('UPDATE guest_names SET next = next + ? RETURNING next - ? AS next');
  let next = 0;
  let end = 0;
  return () => {
    if (next === end) {
      next = checkRow('guest_names', Row, reserve.get(BLOCK, BLOCK)).next;
      end = next + BLOCK;
    }
    const name = `runner-${next}`;
    next += 1;
    return name;
  };
}
