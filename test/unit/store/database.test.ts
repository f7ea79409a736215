import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Database, databaseFile } from '../../../src/store/database.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { KeyTable } from '../../../src/store/keys.ts';
import { MIGRATIONS } from '../../../src/store/migrations.ts';
import { BunProgram } from '../../support/bun-program.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;
const count = (database: Database) => database.prepare('SELECT count(*) AS n FROM usage').get()?.['n'];
const addDay = (database: Database, day: string) =>
  database.prepare('INSERT INTO usage (owner, day, cpu_ms) VALUES (?, ?, 1)').run('o', day);

describe('a database', () => {
  test('is made with its folder, for its owner only, and read again', async () => {
    await using folder = await TempFolder.create();
    const home = folder.file('new/home');
    {
      using database = Database.open(home);
      addDay(database, '2026-03-01');
      expect(modeOf(home)).toBe(0o700);
      const files = readdirSync(home).sort();
      expect(files).toEqual(['codeland.db', 'codeland.db-shm', 'codeland.db-wal']);
      expect(files.map((name) => modeOf(`${home}/${name}`))).toEqual([0o600, 0o600, 0o600]);
    }
    expect(readdirSync(home)).toEqual(['codeland.db']);
    using again = Database.open(home);
    expect(count(again)).toBe(1);
  });

  test('keeps nothing of what was deleted', async () => {
    await using folder = await TempFolder.create();
    const all = () => readdirSync(folder.path).map((name) => readFileSync(folder.file(name)));
    const isThere = () => Buffer.concat(all()).includes('day-to-forget');
    {
      using database = Database.open(folder.path);
      for (let row = 0; row < 200; row += 1) addDay(database, `day-to-forget-${row}`);
    }
    expect(isThere()).toBe(true);
    {
      using database = Database.open(folder.path);
      database.prepare('DELETE FROM usage').run();
    }
    expect(isThere()).toBe(false);
  });

  test('that others could read is closed to them', async () => {
    await using folder = await TempFolder.create();
    Database.open(folder.path)[Symbol.dispose]();
    chmodSync(databaseFile(folder.path), 0o644);
    using _ = Database.open(folder.path);
    for (const suffix of ['', '-wal', '-shm']) {
      expect(modeOf(databaseFile(folder.path) + suffix)).toBe(0o600);
    }
  });

  test('may be closed twice, and with statements that are in use', async () => {
    await using folder = await TempFolder.create();
    const database = Database.open(folder.path);
    addDay(database, '2026-03-01');
    const rows = database.prepare('SELECT day FROM usage').iterate();
    rows.next();
    database[Symbol.dispose]();
    database[Symbol.dispose]();
    expect(thrown(() => database.prepare('SELECT 1'))).toBeInstanceOf(Error);
  });
});

describe('a transaction', () => {
  test('that throws leaves nothing, and the next one works', async () => {
    await using folder = await TempFolder.create();
    using database = Database.open(folder.path);
    const error = thrown(() =>
      database.transaction(() => {
        addDay(database, '2026-03-01');
        throw new Error('halfway');
      }),
    );
    expect(error).toEqual(new Error('halfway'));
    expect(count(database)).toBe(0);
    expect(database.transaction(() => addDay(database, '2026-03-02').changes)).toBe(1);
    expect(count(database)).toBe(1);
  });

  test('keeps blobs, NUL characters and large whole numbers as they are', async () => {
    await using folder = await TempFolder.create();
    using database = Database.open(folder.path);
    const digest = new Uint8Array(32).map((_, index) => index * 8);
    const name = 'a\0ü\u{1f600}';
    const time = Number.MAX_SAFE_INTEGER;
    database
      .prepare('INSERT INTO keys (id, name, digest, persistent_runners, created_at) VALUES (?, ?, ?, 1, ?)')
      .run('id', name, digest, time);
    const row = database.prepare('SELECT name, digest, created_at FROM keys').get();
    expect({ ...row }).toEqual({ name, digest, created_at: time });
  });
});

describe('processes that share a database', () => {
  test('make and write it at once, and nothing is lost', async () => {
    await using folder = await TempFolder.create();
    const home = folder.file('home');
    const program = (number: number) => `
      const { Database } = await src('store/database.ts');
      using database = Database.open(${JSON.stringify(home)});
      const add = database.prepare("INSERT INTO usage (owner, day, cpu_ms) VALUES (?, ?, 1)");
      for (let i = 0; i < 50; i++) database.transaction(() => add.run('owner-${number}', String(i)));`;
    await using stack = new AsyncDisposableStack();
    const children = [0, 1, 2, 3, 4, 5].map((number) => stack.use(new BunProgram(program(number))));
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual(children.map(() => 0));
    using database = Database.open(home);
    expect(count(database)).toBe(300);
  });

  test('keep what a killed one had written, and nothing of its open transaction', async () => {
    await using folder = await TempFolder.create();
    await using child = new BunProgram(`
      const { Database } = await src('store/database.ts');
      const database = Database.open(${JSON.stringify(folder.path)});
      const add = database.prepare("INSERT INTO usage (owner, day, cpu_ms) VALUES ('o', ?, 1)");
      add.run('2026-03-01');
      database.transaction(() => {
        add.run('2026-03-02');
        console.log('in the transaction');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`);
    await child.prints('in the transaction');
    await child.kill();
    using database = Database.open(folder.path);
    expect(
      database
        .prepare('SELECT day FROM usage')
        .all()
        .map((row) => row['day']),
    ).toEqual(['2026-03-01']);
    addDay(database, '2026-03-03');
  });
});

describe('a database of an earlier version', () => {
  test('is brought up to date: its keys stay, without a network', async () => {
    await using folder = await TempFolder.create();
    const first = new DatabaseSync(databaseFile(folder.path));
    first.exec(`${MIGRATIONS[0]};
      PRAGMA application_id = ${0x434c6e64}; PRAGMA user_version = 1;
      INSERT INTO keys (id, name, digest, persistent_runners, created_at) VALUES ('key_1', 'ci', zeroblob(32), 1, 7)`);
    first.close();
    using database = Database.open(folder.path);
    expect(new KeyTable(database).list()).toMatchObject([{ id: 'key_1', network: { mode: 'none' } }]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
  });
});

describe('a file that is not a database of this version', () => {
  const refusal = (home: string) => {
    const error = thrown(() => Database.open(home));
    expect(error).toBeInstanceOf(StoreError);
    return error instanceof StoreError ? error.message : '';
  };

  test('is left as it is when it is no database', async () => {
    await using folder = await TempFolder.create();
    const path = databaseFile(folder.path);
    const content = 'this is not a database '.repeat(1000);
    writeFileSync(path, content);
    expect(refusal(folder.path)).toMatch(/codeland\.db cannot be used: file is not a database; restore it/);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('is refused when its pages are damaged', async () => {
    await using folder = await TempFolder.create();
    Database.open(folder.path)[Symbol.dispose]();
    const path = databaseFile(folder.path);
    const content = readFileSync(path);
    writeFileSync(path, content.fill(0xff, 100, 4096));
    expect(refusal(folder.path)).toContain('cannot be used: database disk image is malformed');
  });

  test('is refused when a newer version made it, and not touched', async () => {
    await using folder = await TempFolder.create();
    Database.open(folder.path)[Symbol.dispose]();
    const newer = new DatabaseSync(databaseFile(folder.path));
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const before = readFileSync(databaseFile(folder.path));
    expect(refusal(folder.path)).toContain(
      `made by a newer version (schema 99, this one knows ${MIGRATIONS.length})`,
    );
    expect(readFileSync(databaseFile(folder.path)).equals(before)).toBe(true);
  });

  test('is refused when another program made it', async () => {
    await using folder = await TempFolder.create();
    const other = new DatabaseSync(databaseFile(folder.path));
    other.exec('CREATE TABLE theirs (a)');
    other.close();
    expect(refusal(folder.path)).toContain('a database of another program');
  });

  test('is refused when it is a folder, or its own folder is a file', async () => {
    await using folder = await TempFolder.create();
    mkdirSync(databaseFile(folder.path));
    expect(refusal(folder.path)).toContain('codeland.db cannot be used');
    writeFileSync(folder.file('file'), '');
    expect(refusal(folder.file('file'))).toContain('cannot be used');
  });
});
