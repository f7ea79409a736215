/** The one database of a data folder: opened, brought up to date, closed. Its tables are in files of their own. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isErrno, makeUnsharedFolder, PRIVATE_FILE } from '../lib/files.ts';
import { isBusy, isDamage, StoreError } from './errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { WriteQueue } from './write-queue.ts';

export const databaseFile = (home: string) => join(home, 'codeland.db');

/** Marks a file as ours: "CLnd". */
const APPLICATION_ID = 0x434c6e64;
/** How long a statement waits for another process's transaction, ms. The event loop waits with it. */
const BUSY_TIMEOUT_MS = 2_000;
/** The same where others wait for the event loop: most transactions are over by then. */
export const SERVER_BUSY_MS = 25;
const BUSY_RETRY_MS = 5;
/** What the write-ahead log is cut back to once its content is in the database, bytes. */
const LOG_BYTES = 16 * 2 ** 20;

export class Database implements Disposable {
  readonly #connection: DatabaseSync;
  readonly #writes = new WriteQueue();

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /**
   * Opens the database of a data folder, both made when missing, and brings it up to date. Several processes may
   * have it open at once. Only the user who runs this can read it.
   * @param busyMs How long a statement waits for another process's transaction from then on.
   * @throws {StoreError} When the file is not ours, is damaged, or was made by a newer version.
   */
  static open(home: string, { busyMs = BUSY_TIMEOUT_MS }: { readonly busyMs?: number } = {}): Database {
    const path = databaseFile(home);
    try {
      makeUnsharedFolder(home);
      makePrivate(path);
      const connection = whenFree(() => connect(path));
      connection.exec(`PRAGMA busy_timeout = ${busyMs}`);
      return new Database(connection);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const advice = isDamage(cause)
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

  /**
   * Carries out what writes, as soon as no other process holds the database and in the order of the calls.
   * @param waitMs How long it may wait for others.
   * @returns What it gives: itself when it is done at once, as most often, else a promise of it.
   * @throws {StoreBusyError} When that was not enough. @throws What `work` throws.
   */
  write<T>(work: () => T, waitMs = Number.POSITIVE_INFINITY): T | Promise<T> {
    return this.#writes.add(work, waitMs);
  }

  /**
   * Writes what is committed now to a new file, whatever others write meanwhile: one read transaction, which in the
   * mode of write-ahead logging holds up no writer (sqlite.org/lang_vacuum.html#vacuuminto).
   * @param path Of no file that is there.
   */
  copyTo(path: string): void {
    this.#connection.prepare('VACUUM INTO ?').run(path);
  }

  /** What is wrong with the file, a line each; reads the whole of it. */
  faults(): readonly string[] {
    const rows = this.#connection.prepare('PRAGMA integrity_check').all();
    return rows.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
  }

  [Symbol.dispose](): void {
    if (this.#connection.isOpen) this.#writes[Symbol.dispose]();
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
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS);
    }
  }
}

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
