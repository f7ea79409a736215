import { describe, expect, test } from 'bun:test';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { ensureKey, keyFile } from '../../src/key.ts';
import { failure } from '../support/failure.ts';
import { TempFolder } from '../support/temp-folder.ts';

describe('ensureKey', () => {
  test('takes the key that is given, and keeps nothing', async () => {
    await using home = await TempFolder.create();
    expect(await ensureKey(home.path, 'given-key')).toBe('given-key');
    expect(await readdir(home.path)).toEqual([]);
  });

  test('makes a key once, which only its owner can read', async () => {
    await using home = await TempFolder.create();
    const key = await ensureKey(home.path, undefined);
    expect(key).toMatch(/^cl_[\w-]{43}$/);
    expect(await readFile(keyFile(home.path), 'utf8')).toBe(`${key}\n`);
    expect((await stat(keyFile(home.path))).mode & 0o777).toBe(0o600);
    expect(await ensureKey(home.path, undefined)).toBe(key);
  });

  test('makes another one for each data folder', async () => {
    await using first = await TempFolder.create();
    await using second = await TempFolder.create();
    expect(await ensureKey(first.path, undefined)).not.toBe(await ensureKey(second.path, undefined));
  });

  test('takes a kept key without the blanks around it', async () => {
    await using home = await TempFolder.create();
    await writeFile(keyFile(home.path), ' kept-by-hand \n');
    expect(await ensureKey(home.path, undefined)).toBe('kept-by-hand');
  });

  test('fails where no key can be kept', async () => {
    await using home = await TempFolder.create();
    expect(await failure(ensureKey(home.file('none'), undefined))).toBeInstanceOf(Error);
  });
});
