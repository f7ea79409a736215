import { describe, expect, test } from 'bun:test';
import { DatabaseSync } from 'node:sqlite';
import { Database, databaseFile } from '../../../src/store/database.ts';
import { StoreBusyError } from '../../../src/store/errors.ts';
import { WriteQueue } from '../../../src/store/write-queue.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { pass, useFakeTime } from '../../support/time.ts';

useFakeTime();

/** A database that another process holds and gives free. */
class Held {
  isHeld = false;
  readonly written: string[] = [];

  readonly write = (what: string) => () => {
    if (this.isHeld) throw Object.assign(new Error('database is locked'), { errcode: 5 });
    this.written.push(what);
    return what;
  };
}

const add = async <T>(queue: WriteQueue, write: () => T, waitMs: number): Promise<T> =>
  queue.add(write, waitMs);

describe('a write', () => {
  test('is carried out at once when nobody else holds the database', async () => {
    const database = new Held();
    using queue = new WriteQueue();
    expect(queue.add(database.write('a'), 1_000)).toBe('a');
    expect(database.written).toEqual(['a']);
  });

  test('waits for others, in the order of the calls', async () => {
    const database = new Held();
    using queue = new WriteQueue();
    database.isHeld = true;
    const all = Promise.all(['a', 'b', 'c'].map((what) => queue.add(database.write(what), Infinity)));
    await pass(10_000);
    expect(database.written).toEqual([]);
    database.isHeld = false;
    // What comes now does not overtake.
    const last = queue.add(database.write('d'), 1_000);
    await pass(1_000);
    expect(await all).toEqual(['a', 'b', 'c']);
    expect(await last).toBe('d');
    expect(database.written).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that waits too long fails, and is not carried out later; those behind it go on', async () => {
    const database = new Held();
    using queue = new WriteQueue();
    database.isHeld = true;
    const first = failure(add(queue, database.write('a'), 2_000));
    const second = queue.add(database.write('b'), Infinity);
    await pass(3_000);
    expect(await first).toBeInstanceOf(StoreBusyError);
    database.isHeld = false;
    await pass(1_000);
    expect(await second).toBe('b');
    expect(database.written).toEqual(['b']);
  });

  test('that fails for another reason fails alone', async () => {
    const database = new Held();
    using queue = new WriteQueue();
    database.isHeld = true;
    const full = new Error('database or disk is full');
    const fail = () => {
      database.write('')();
      throw full;
    };
    const first = failure(add(queue, fail, Infinity));
    const second = queue.add(database.write('b'), Infinity);
    database.isHeld = false;
    await pass(1_000);
    expect(await first).toBe(full);
    expect(await second).toBe('b');
  });

  test('is tried once more at the end, and then given up', async () => {
    const database = new Held();
    const queue = new WriteQueue();
    database.isHeld = true;
    const first = queue.add(database.write('a'), Infinity);
    const second = queue.add(database.write('b'), 9_000);
    database.isHeld = false;
    queue[Symbol.dispose]();
    expect([await first, await second]).toEqual(['a', 'b']);
    database.isHeld = true;
    const late = failure(add(queue, database.write('c'), Infinity));
    queue[Symbol.dispose]();
    expect(await late).toBeInstanceOf(StoreBusyError);
  });
});

test('a database that another connection holds is written to as soon as it is free', async () => {
  await using folder = await TempFolder.create();
  using database = Database.open(folder.path, { busyMs: 1 });
  const mark = database.prepare('PRAGMA user_version = 4711');
  const other = new DatabaseSync(databaseFile(folder.path));
  other.exec('BEGIN EXCLUSIVE');
  const late = failure((async () => database.write(() => mark.run(), 1_000))());
  const written = database.write(() => mark.run());
  await pass(2_000);
  expect(await late).toBeInstanceOf(StoreBusyError);
  other.exec('ROLLBACK');
  await pass(1_000);
  await written;
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 4711 });
  other.close();
});
