/** A backup of a data folder that is in use, and what a restore makes of it. */
import { describe, expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { keyFile } from '../../../src/access/first-key.ts';
import { backUp } from '../../../src/backup/backup.ts';
import { MANIFEST } from '../../../src/backup/manifest.ts';
import { restore } from '../../../src/backup/restore.ts';
import { tar } from '../../../src/backup/tar.ts';
import { recordServer } from '../../../src/server-record.ts';
import { Database, databaseFile } from '../../../src/store/database.ts';
import { UsageTable } from '../../../src/store/usage.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { publish } from '../../support/template-files.ts';

/** Bytes of a page of a database. */
const PAGE = 4096;
const DAY = '2026-03-01';
const IMAGE = '0123456789abcdef0123456789abcdef';

function use(home: string, owner: string): void {
  using database = Database.open(home);
  new UsageTable(database).add(owner, DAY, 1);
}

function usersOf(home: string): string[] {
  using database = Database.open(home);
  return [...new UsageTable(database).readAll(DAY).keys()].sort();
}

/** Two data folders, and a place for backups. */
async function scene() {
  const folder = await TempFolder.create();
  const [home, other] = [folder.file('home'), folder.file('other')];
  use(home, 'first');
  const file = folder.file('backup.tar.gz');
  return {
    home,
    other,
    file,
    backUp: (withImages = false) => backUp({ home, file, settingsFile: undefined, withImages }),
    /** Packs files as a backup, whatever they are. */
    pack: async (files: Readonly<Record<string, string>>) => {
      const from = folder.file('packed');
      for (const [name, content] of Object.entries(files)) {
        await mkdir(join(from, name, '..'), { recursive: true });
        await writeFile(join(from, name), content);
      }
      await tar(['-czf', file, '-C', from, ...Object.keys(files)]);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('a backup', () => {
  test('has what is committed, while others write', async () => {
    await using at = await scene();
    using writer = Database.open(at.home);
    using reader = Database.open(at.home);
    use(at.home, 'second');
    writer.prepare('BEGIN IMMEDIATE').run();
    new UsageTable(writer).add('uncommitted', DAY, 1);
    await at.backUp();
    writer.prepare('COMMIT').run();
    expect([...new UsageTable(reader).readAll(DAY).keys()]).toContain('uncommitted');
    await restore(at.file, at.other);
    expect(usersOf(at.other)).toEqual(['first', 'second']);
  });

  test('is for its owner alone, has the key and the settings, and leaves nothing else behind', async () => {
    await using at = await scene();
    await writeFile(keyFile(at.home), 'a-key\n');
    const settingsFile = join(at.home, 'settings');
    await writeFile(settingsFile, 'CODELAND_PORT=1\n');
    const before = await readdir(at.home);
    const { files } = await backUp({ home: at.home, file: at.file, settingsFile, withImages: false });
    expect(Object.keys(files).sort()).toEqual(['codeland.conf', 'codeland.db', 'key']);
    expect((await stat(at.file)).mode & 0o777).toBe(0o600);
    expect(await readdir(at.home)).toEqual(before);
    await restore(at.file, at.other);
    expect(await readFile(keyFile(at.other), 'utf8')).toBe('a-key\n');
    expect((await readdir(at.other)).sort()).toEqual(['codeland.db', 'key']);
  });

  /** Ways to damage a database; a copy alone would not meet the second. */
  const DAMAGES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    [
      'pages',
      async (path) => {
        const pages = await readFile(path);
        await writeFile(path, pages.fill(0xff, PAGE * 3));
      },
    ],
    [
      'an index',
      async (path) => {
        // A row that the index does not have: an empty index's page in the place of its own.
        const connection = new DatabaseSync(path);
        connection.exec("INSERT INTO outcomes (owner, key, fingerprint) VALUES ('o', 'k', 'f')");
        const roots = ['active_key_names', 'outcomes_by_expiry'].map((name) => {
          const row = connection.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
          return (Number(row?.['rootpage']) - 1) * PAGE;
        });
        connection.close();
        const pages = await readFile(path);
        const [from = 0, to = 0] = roots;
        await writeFile(path, pages.fill(pages.subarray(from, from + PAGE), to, to + PAGE));
      },
    ],
  ];

  test.each(DAMAGES)(
    'of a database with damage to %s is none, and the older one stays',
    async (_, damage) => {
      await using at = await scene();
      await at.backUp();
      const before = await readFile(at.file);
      await damage(databaseFile(at.home));
      expect(await failure(at.backUp())).toBeInstanceOf(Error);
      expect((await readFile(at.file)).equals(before)).toBeTrue();
    },
  );

  test('has the image and the template in use, if that is asked for', async () => {
    await using at = await scene();
    const images = join(at.home, 'images');
    await mkdir(join(images, IMAGE), { recursive: true });
    await writeFile(join(images, IMAGE, 'vmlinuz'), 'a kernel');
    await symlink(IMAGE, join(images, 'current'));
    const store = new TemplateStore(at.home);
    for (const id of ['t1', 't2']) await publish(store, id);
    await store.promote('t1');
    expect(await at.backUp(true)).toMatchObject({ image: IMAGE, template: 't1' });

    await restore(at.file, at.other);
    expect(await readlink(join(at.other, 'images/current'))).toBe(IMAGE);
    expect(await readFile(join(at.other, 'images', IMAGE, 'vmlinuz'), 'utf8')).toBe('a kernel');
    const restored = new TemplateStore(at.other);
    expect(await restored.current()).toBe(restored.folder('t1'));
    expect((await restored.list()).map(({ id }) => id)).toEqual(['t1']);

    // What is in use there stays in use.
    await publish(restored, 't3');
    await restored.promote('t3');
    await restore(at.file, at.other);
    expect(await restored.current()).toBe(restored.folder('t3'));
  });
});

describe('a restore', () => {
  test('is refused while a server uses the folder', async () => {
    await using at = await scene();
    await at.backUp();
    use(at.home, 'later');
    {
      await using _server = await recordServer(at.home, 'http://127.0.0.1:1');
      expect(String(await failure(restore(at.file, at.home)))).toContain('scripts/down');
      expect(usersOf(at.home)).toEqual(['first', 'later']);
    }
    await restore(at.file, at.home);
    expect(usersOf(at.home)).toEqual(['first']);
  });

  test('keeps what was there before, and nothing of it gets into what is restored', async () => {
    await using at = await scene();
    await at.backUp();
    await writeFile(keyFile(at.home), 'another-key\n');
    // Held open, so that what is written last is in the log beside the database only, as after a kill.
    using _open = Database.open(at.home);
    use(at.home, 'later');
    const { replaced } = await restore(at.file, at.home);
    expect(usersOf(at.home)).toEqual(['first']);
    expect(await readdir(at.home)).not.toContain('key');
    expect(usersOf(replaced ?? '')).toEqual(['first', 'later']);
    expect(await readFile(keyFile(replaced ?? ''), 'utf8')).toBe('another-key\n');
  });

  const manifest = (files: object) =>
    JSON.stringify({ format: 1, created: '', version: '', image: null, template: null, files });
  const record = { sha256: '0'.repeat(64), bytes: 1 };

  test.each([
    ['no backup', { 'a.txt': 'a' }, 'no backup'],
    [
      'a file that differs',
      { [MANIFEST]: manifest({ 'codeland.db': record }), 'codeland.db': 'x' },
      'damaged',
    ],
    ['a file that is missing', { [MANIFEST]: manifest({ 'codeland.db': record }) }, 'damaged'],
    ['a file of elsewhere', { [MANIFEST]: manifest({ '../codeland.db': record }) }, 'another form'],
    ['another format', { [MANIFEST]: manifest({}).replace('1', '2') }, 'another form'],
    ['no database', { [MANIFEST]: manifest({}) }, 'no database'],
  ])('of %s changes nothing', async (_, files, message) => {
    await using at = await scene();
    await at.pack(files);
    const before = await readdir(at.home);
    const error = String(await failure(restore(at.file, at.home)));
    expect(error).toStartWith('BackupError');
    expect(error).toContain(message);
    expect(usersOf(at.home)).toEqual(['first']);
    expect(await readdir(at.home)).toEqual(before);
  });

  test('of a file that is cut short changes nothing', async () => {
    await using at = await scene();
    await at.backUp();
    const whole = await readFile(at.file);
    await writeFile(at.file, whole.subarray(0, whole.length / 2));
    use(at.home, 'later');
    expect(await failure(restore(at.file, at.home))).toMatchObject({ name: 'BackupError' });
    expect(usersOf(at.home)).toEqual(['first', 'later']);
  });
});

describe('the scripts', () => {
  const run = async (name: string, home: string, ...args: string[]) => {
    const child = spawn(join(import.meta.dirname, '../../../scripts', name), args, {
      env: { ...process.env, CODELAND_CONFIG: '/dev/null', CODELAND_HOME: home },
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { status: child.exitCode, out, err };
  };

  test('make a backup and put it back', async () => {
    await using at = await scene();
    const made = await run('backup', at.home, at.file, '--json');
    expect(made).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(made.out)).toMatchObject({ format: 1, files: { 'codeland.db': {} } });
    expect(await run('restore', at.other, at.file)).toMatchObject({ status: 0, err: '' });
    expect(usersOf(at.other)).toEqual(['first']);
  });

  test('say what failed', async () => {
    await using at = await scene();
    expect(await run('restore', at.home, at.file)).toMatchObject({
      status: 1,
      err: expect.stringContaining(at.file),
    });
    for (const args of [[], ['a', 'b'], ['a', '--nothing']]) {
      for (const script of ['backup', 'restore']) {
        expect(await run(script, at.home, ...args)).toMatchObject({
          status: 2,
          err: expect.stringContaining(`scripts/${script} FILE`),
        });
      }
    }
  });
});
