import { describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { isErrno, listFolder, readLink, switchLink, writeFileAtomic } from '../../../src/lib/files.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

describe('writeFileAtomic', () => {
  test('makes a file with its mode, and leaves nothing else', async () => {
    await using folder = await TempFolder.create();
    await writeFileAtomic(folder.file('key'), 'secret');
    expect(await readFile(folder.file('key'), 'utf8')).toBe('secret');
    expect((await stat(folder.file('key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder.path)).toEqual(['key']);
  });

  test('replaces a file by another, so that who has it open keeps reading the old one', async () => {
    await using folder = await TempFolder.create();
    await writeFileAtomic(folder.file('a'), 'old and longer');
    const { ino } = await stat(folder.file('a'));
    await writeFileAtomic(folder.file('a'), 'new');
    expect(await readFile(folder.file('a'), 'utf8')).toBe('new');
    expect((await stat(folder.file('a'))).ino).not.toBe(ino);
  });

  test('shows a reader the old content or the new, never a part', async () => {
    await using folder = await TempFolder.create();
    const contents = ['a', 'b'].map((letter) => letter.repeat(200_000));
    await writeFileAtomic(folder.file('a'), contents[0] ?? '');
    let isWriting = true;
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await writeFileAtomic(folder.file('a'), contents[round % 2] ?? '');
      }
      isWriting = false;
    })();
    while (isWriting) expect(contents).toContain(await readFile(folder.file('a'), 'utf8'));
    await writing;
  });

  test('leaves nothing behind when it fails', async () => {
    await using folder = await TempFolder.create();
    await mkdir(folder.file('taken/full'), { recursive: true });
    expect(await failure(writeFileAtomic(folder.file('taken'), 'x'))).toBeInstanceOf(Error);
    expect(await failure(writeFileAtomic(folder.file('none/a'), 'x'))).toBeInstanceOf(Error);
    expect(await readdir(folder.path)).toEqual(['taken']);
  });
});

describe('switchLink', () => {
  test('makes a link, and points it elsewhere', async () => {
    await using folder = await TempFolder.create();
    const link = folder.file('current');
    expect(await readLink(link)).toBeUndefined();
    await switchLink(link, 'first');
    expect(await readLink(link)).toBe('first');
    await switchLink(link, 'second');
    expect(await readLink(link)).toBe('second');
    expect(await readdir(folder.path)).toEqual(['current']);
  });

  test('is never without a target while it is switched', async () => {
    await using folder = await TempFolder.create();
    const link = folder.file('current');
    await switchLink(link, 'first');
    let isSwitching = true;
    const switching = (async () => {
      for (let round = 0; round < 20; round += 1) await switchLink(link, round % 2 ? 'first' : 'second');
      isSwitching = false;
    })();
    while (isSwitching) expect(await readLink(link)).toMatch(/^(first|second)$/);
    await switching;
  });

  test('overcomes what an interrupted switch left', async () => {
    await using folder = await TempFolder.create();
    await symlink('stale', folder.file(`current.${process.pid}.tmp`));
    await switchLink(folder.file('current'), 'new');
    expect(await readLink(folder.file('current'))).toBe('new');
    expect(await readdir(folder.path)).toEqual(['current']);
  });

  test('leaves a folder of that name, and nothing else', async () => {
    await using folder = await TempFolder.create();
    await mkdir(folder.file('current'));
    expect(await failure(switchLink(folder.file('current'), 'new'))).toBeInstanceOf(Error);
    expect(await readdir(folder.path)).toEqual(['current']);
  });

  test('reads no target of what is no link', async () => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('a'), '');
    expect(isErrno(await failure(readLink(folder.file('a'))), 'EINVAL')).toBe(true);
  });
});

describe('folders', () => {
  test('are listed in order; one that is not there is empty', async () => {
    await using folder = await TempFolder.create();
    for (const name of ['b', 'a', 'c']) await writeFile(folder.file(name), '');
    expect(await listFolder(folder.path)).toEqual(['a', 'b', 'c']);
    expect(await listFolder(folder.file('none'))).toEqual([]);
    expect(isErrno(await failure(listFolder(folder.file('a'))), 'ENOTDIR')).toBe(true);
  });
});
