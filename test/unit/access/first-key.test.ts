import { describe, expect, test } from 'bun:test';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { KeyAccess } from '../../../src/access/access.ts';
import { ensureFirstKey, keyFile } from '../../../src/access/first-key.ts';
import { NO_LIMITS } from '../../../src/access/principal.ts';
import { Database } from '../../../src/store/database.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { type KeyRecord, KeyTable } from '../../../src/store/keys.ts';
import { BunProgram } from '../../support/bun-program.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

function keysOf(home: string): KeyRecord[] {
  using database = Database.open(home);
  return new KeyTable(database).list();
}

function revokeAll(home: string): void {
  using database = Database.open(home);
  const keys = new KeyTable(database);
  for (const { id } of keys.list()) keys.revoke(id, Date.now());
}

/** Whether a server with this data folder takes the key. */
function isTaken(home: string, key: string | undefined): boolean {
  using database = Database.open(home);
  const onFault = (error: unknown) => {
    throw error;
  };
  using access = new KeyAccess({ database, environmentKey: undefined, onFault });
  return access.authenticate(`Bearer ${key}`).name === 'first';
}

describe('the first key', () => {
  test('is the one that is given, and none is made', async () => {
    await using home = await TempFolder.create();
    expect(await ensureFirstKey(home.path, 'given-key')).toEqual({ key: 'given-key' });
    expect(await readdir(home.path)).toEqual([]);
  });

  test('is made once, for its owner to read, without limits', async () => {
    await using folder = await TempFolder.create();
    const home = folder.file('new');
    const { key, notice } = await ensureFirstKey(home, undefined);
    expect(key).toMatch(/^cl_[\w-]{43}$/);
    expect(notice).toBeUndefined();
    expect(await readFile(keyFile(home), 'utf8')).toBe(`${key}\n`);
    expect((await stat(keyFile(home))).mode & 0o777).toBe(0o600);
    expect((await readdir(home)).sort()).toEqual(['codeland.db', 'key']);
    expect(isTaken(home, key)).toBe(true);
    expect(await ensureFirstKey(home, undefined)).toEqual({ key });
    expect(keysOf(home).map(({ name, limits }) => ({ name, limits }))).toEqual([
      { name: 'first', limits: NO_LIMITS },
    ]);
  });

  test('differs between data folders', async () => {
    await using one = await TempFolder.create();
    await using other = await TempFolder.create();
    const keys = [await ensureFirstKey(one.path, undefined), await ensureFirstKey(other.path, undefined)];
    expect(keys[0]?.key).not.toBe(keys[1]?.key);
  });

  test('of an earlier version is taken over, without the blanks around it', async () => {
    await using home = await TempFolder.create();
    await writeFile(keyFile(home.path), ' kept-by-hand \n');
    expect(await ensureFirstKey(home.path, undefined)).toEqual({ key: 'kept-by-hand' });
    expect(isTaken(home.path, 'kept-by-hand')).toBe(true);
  });

  test('is not made beside others, whose secrets nobody knows', async () => {
    await using home = await TempFolder.create();
    const { key } = await ensureFirstKey(home.path, undefined);
    await rm(keyFile(home.path));
    expect(await ensureFirstKey(home.path, undefined)).toEqual({
      key: undefined,
      notice: 'keys are kept as digests only; scripts/keys create --name NAME makes another',
    });
    expect(isTaken(home.path, key)).toBe(true);
    expect(keysOf(home.path)).toHaveLength(1);
  });

  test('that was revoked stays so, and the operator is told', async () => {
    await using home = await TempFolder.create();
    await ensureFirstKey(home.path, undefined);
    revokeAll(home.path);
    const { key, notice } = await ensureFirstKey(home.path, undefined);
    expect(key).toBeUndefined();
    expect(notice).toMatch(/\/key has been revoked; scripts\/keys create --name NAME makes another$/);
    expect(keysOf(home.path)).toHaveLength(1);
  });

  test('that the database does not know is not taken over beside others', async () => {
    await using home = await TempFolder.create();
    await ensureFirstKey(home.path, undefined);
    await writeFile(keyFile(home.path), 'planted-by-somebody\n');
    const { key, notice } = await ensureFirstKey(home.path, undefined);
    expect(key).toBeUndefined();
    expect(notice).toContain('is not known to the database');
    expect(keysOf(home.path)).toHaveLength(1);
  });

  test('is one and the same for processes that start at once', async () => {
    await using folder = await TempFolder.create();
    const home = folder.file('home');
    const program = `
      const { ensureFirstKey } = await src('access/first-key.ts');
      console.log((await ensureFirstKey(${JSON.stringify(home)}, undefined)).key);`;
    await using stack = new AsyncDisposableStack();
    const children = [1, 2, 3, 4, 5].map(() => stack.use(new BunProgram(program)));
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0, 0]);
    const keys = new Set(children.map((child) => child.output.trim()));
    expect(keys.size).toBe(1);
    expect(isTaken(home, [...keys][0])).toBe(true);
    expect(keysOf(home)).toHaveLength(1);
  });

  test('fails where none can be kept', async () => {
    await using home = await TempFolder.create();
    await writeFile(home.file('file'), '');
    expect(await failure(ensureFirstKey(home.file('file'), undefined))).toBeInstanceOf(StoreError);
    await writeFile(keyFile(home.path), '\n');
    expect(await failure(ensureFirstKey(home.path, undefined))).toBeInstanceOf(StoreError);
    expect(keysOf(home.path)).toEqual([]);
  });
});
