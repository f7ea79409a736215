/** What can go wrong with the database. */

/** The data folder's database cannot be used, or holds what it should not. Says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Another process holds the database for too long. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';

  constructor() {
    super('another program holds the database');
  }
}

/** Primary result codes of SQLite; https://sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Another connection is writing. */
export const isBusy = (error: unknown): boolean => codeOf(error) === SQLITE_BUSY;

/** The file is damaged, or no database. */
export const isDamage = (error: unknown): boolean =>
  [SQLITE_CORRUPT, SQLITE_NOTADB].some((code) => codeOf(error) === code);

/** The database cannot be used at this time, whatever the reason: it is held, damaged, or its disk is full or broken. */
export const isStoreTrouble = (error: unknown): boolean =>
  error instanceof StoreBusyError || codeOf(error) !== undefined;

/** The primary result code that SQLite failed with. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return undefined;
  return error.errcode & 0xff;
}
