/** The one database of a data folder: opened, brought up to date, closed. Its tables are in files of their own. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isErrno, makeUnsharedFolder, PRIVATE_FILE } from '../lib/files.ts';
import { StoreError } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';

export const databaseFile = (home: string) => join(home, 'codeland.db');

/** Marks a file as ours: "CLnd". */
const APPLICATION_ID = 0x434c6e64;
/** How long a statement waits for another process's transaction, ms. The event loop waits with it. */
const BUSY_TIMEOUT_MS = 2_000;
const BUSY_RETRY_MS = 5;
/** What the write-ahead log is cut back to once its content is in the database, bytes. */
const LOG_BYTES = 16 * 2 ** 20;

export class Database implements Disposable {
  readonly #connection: DatabaseSync;

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /**
   * Opens the database of a data folder, both made when missing, and brings it up to date. Several processes may
   * have it open at once. Only the user who runs this can read it.
   * @throws {StoreError} When the file is not ours, is damaged, or was made by a newer version.
   */
  static open(home: string): Database {
    const path = databaseFile(home);
    try {
      makeUnsharedFolder(home);
      makePrivate(path);
      return new Database(whenFree(() => connect(path)));
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const advice = isSqlite(cause, SQLITE_CORRUPT, SQLITE_NOTADB)
        ? '; restore it from a copy, or move it away: the next start makes a new one, without any of its keys'
        : '';
      throw new StoreError(`${path} cannot be used: ${why}${advice}`, { cause });
    }
  }

  prepare(sql: string): StatementSync {
    return this.#connection.prepare(sql);
  }

  /** All that `work` writes, or, when it throws, nothing of it. Must not be nested, and `work` must not wait. */
  transaction<T>(work: () => T): T {
    return transaction(this.#connection, work);
  }

  [Symbol.dispose](): void {
    if (this.#connection.isOpen) this.#connection.close();
  }
}

/** @throws {StoreError} As {@link Database.open}. @throws What SQLite says. */
function connect(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    migrate(connection, path);
    // A killed process loses nothing that was written; a power cut may lose the last moments. What is deleted is
    // overwritten, so that no page of the file keeps what nobody is to have any more.
    connection.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_BYTES};
       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON`,
    );
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite does not itself wait for others that switch a new database to write-ahead logging at the same time. */
function whenFree<T>(work: () => T): T {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isSqlite(error, SQLITE_BUSY) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS);
    }
  }
}

/** Result codes of SQLite. */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Whether SQLite failed with one of these primary result codes. */
const isSqlite = (error: unknown, ...codes: number[]): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  codes.includes(error.errcode & 0xff);

function transaction<T>(connection: DatabaseSync, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends a transaction by itself.
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** SQLite gives the files beside the database its mode. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE_FILE));
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      chmodSync(path + suffix, PRIVATE_FILE);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
}

function migrate(connection: DatabaseSync, path: string): void {
  const pragma = (name: string) => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
  const check = () => {
    const version = pragma('user_version');
    const isNew = version === 0 && connection.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (!isNew && pragma('application_id') !== APPLICATION_ID) {
      throw new StoreError(`${path} is a database of another program; move it away, or set CODELAND_HOME`);
    }
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        `${path} was made by a newer version (schema ${version}, this one knows ${MIGRATIONS.length}); ` +
          'run that version, or set CODELAND_HOME to another folder',
      );
    }
    return version;
  };
  while (check() < MIGRATIONS.length) {
    transaction(connection, () => {
      // Another process may have been first.
      const version = check();
      const migration = MIGRATIONS[version];
      if (migration === undefined) return;
      connection.exec(migration);
      connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}`);
    });
  }
}
