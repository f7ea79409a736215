/** The key of a first start: made when there is none, and kept where only the operator can read it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileAtomic, isErrno } from '../lib/files.ts';
import { Database } from '../store/database.ts';
import { StoreError } from '../store/errors.ts';
import { KeyTable } from '../store/keys.ts';
import { addKey, digestOf, newSecret } from './key.ts';
import { NO_LIMITS } from './principal.ts';

export const keyFile = (home: string) => join(home, 'key');

export type FirstKey = {
  /** A key that is valid now; undefined when none is known, because only digests are kept. */
  readonly key: string | undefined;
  /** What to tell the operator instead. */
  readonly notice?: string;
};

const FIRST = 'first';
const HOW = 'scripts/keys create --name NAME makes another';

/**
 * The key to show the operator: the one given, or the one kept in the data folder. When the data folder has no key
 * at all, one is made. A kept key that the empty database does not know, as of an earlier version, is taken over.
 * @param given The operator's own key, which needs no other beside it.
 * @throws {StoreError} When the database cannot be used, or no key can be kept.
 */
export async function ensureFirstKey(home: string, given: string | undefined): Promise<FirstKey> {
  if (given !== undefined) return { key: given };
  using database = Database.open(home);
  const table = new KeyTable(database);
  const isEmpty = () => table.list().length === 0;
  let kept = await readKept(home);
  if (kept === undefined) {
    const isFirst = isEmpty();
    // The file comes first: a server killed in between takes it over at its next start.
    if (isFirst) await createFileAtomic(keyFile(home), `${newSecret()}\n`);
    // Also when it is not empty: another process may have made both since the file was looked for.
    kept = await readKept(home);
    if (kept === undefined && isFirst)
      throw new StoreError(`${keyFile(home)} is empty; remove it, and one is made`);
  }
  if (kept === undefined) return { key: undefined, notice: `keys are kept as digests only; ${HOW}` };
  const secret = kept;
  database.transaction(() => {
    if (isEmpty()) addKey(table, FIRST, NO_LIMITS, secret);
  });
  const known = table.findByDigest(digestOf(secret));
  if (known?.revokedAt === null) return { key: secret };
  const why = known ? 'has been revoked' : 'is not known to the database';
  return { key: undefined, notice: `the key in ${keyFile(home)} ${why}; ${HOW}` };
}

/** The kept key, if any. An empty file keeps none. */
async function readKept(home: string): Promise<string | undefined> {
  try {
    return (await readFile(keyFile(home), 'utf8')).trim() || undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
