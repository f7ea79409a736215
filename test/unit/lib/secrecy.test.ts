/** Who may read what this makes, and what others learn of its processes. */
import { afterEach, describe, expect, test } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment, environmentWithoutSettings } from '../../../src/lib/child-environment.ts';
import {
  makePrivateFolder,
  makeUnsharedFolder,
  SharedFolderError,
  writeFileAtomic,
} from '../../../src/lib/files.ts';
import { LineSink } from '../../../src/telemetry/line-sink.ts';
import { BunProgram } from '../../support/bun-program.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const modeOf = (path: string) => lstatSync(path).mode & 0o7777;

/** What is below a folder, each with its mode in octal. */
function modesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(names.map((name) => [name, modeOf(join(folder, name)).toString(8)]));
}

/** Makes all that a server makes besides guests, images and templates. */
const MAKE_ALL = `
  const { makePrivateFolder, makeUnsharedFolder, switchLink, writeFileAtomic } = await src('lib/files.ts');
  const { Staging } = await src('lib/staging.ts');
  const { LineSink } = await src('telemetry/line-sink.ts');
  const { ensureFirstKey } = await src('access/first-key.ts');
  const { recordServer } = await src('server-record.ts');
  const { Database } = await src('store/database.ts');
  makeUnsharedFolder(home);
  await makePrivateFolder(home + '/images');
  await writeFileAtomic(home + '/accelerator.json', '');
  await recordServer(home, 'http://localhost');
  await ensureFirstKey(home, undefined);
  LineSink.file(home + '/server.log', String).write('x\\n');
  // What nobody has any more is closed, and its log goes. A variable may be taken for one that nobody has.
  globalThis.database = Database.open(home);
  await Staging.create(home + '/templates');
  console.log('made');
  setInterval(() => {}, 1000);`;

describe('what a server makes', () => {
  test.each([
    ['000', ''],
    ['022', ''],
    ['077', ''],
    ['000', 'shutOthersOut();'],
    ['777', 'shutOthersOut();'],
  ])('is for its user alone under the umask %s %s', async (umask, shut) => {
    await using folder = await TempFolder.create();
    const home = folder.file('home');
    await using program = new BunProgram(`
      const { shutOthersOut } = await src('lib/posix.ts');
      const home = ${JSON.stringify(home)};
      process.umask(0o${umask});
      ${shut}
      ${MAKE_ALL}`);
    await program.prints('made');
    expect(modeOf(home)).toBe(0o700);
    const found = Object.entries(modesBelow(home)).map(
      ([name, mode]) => [name.replace(/-\d+-\d+-[0-9a-f]+$/, ''), mode] as const,
    );
    expect(Object.fromEntries(found)).toEqual({
      'accelerator.json': '600',
      'codeland.db': '600',
      'codeland.db-shm': '600',
      'codeland.db-wal': '600',
      images: '700',
      key: '600',
      'server.json': '600',
      'server.log': '600',
      templates: '700',
      'templates/.staging': '700',
    });
  });

  test('is taken from others where an earlier version let them in', async () => {
    await using folder = await TempFolder.create();
    const paths = { folder: folder.file('images'), file: folder.file('record'), log: folder.file('log') };
    mkdirSync(paths.folder);
    chmodSync(paths.folder, 0o777);
    for (const path of [paths.file, `${paths.file}.${process.pid}.tmp`, paths.log]) {
      writeFileSync(path, '');
      chmodSync(path, 0o666);
    }
    await makePrivateFolder(paths.folder);
    await writeFileAtomic(paths.file, 'new');
    LineSink.file(paths.log, String)[Symbol.dispose]();
    expect(modesBelow(folder.path)).toEqual({ images: '700', record: '600', log: '600' });
  });

  test('leaves a device as it is that stands in the place of the log', () => {
    const before = statSync('/dev/null').mode;
    LineSink.file('/dev/null', String)[Symbol.dispose]();
    expect(statSync('/dev/null').mode).toBe(before);
  });
});

describe('a data folder that was there', () => {
  test.each([[0o700], [0o750], [0o755]])('may be listed by others: %i', async (mode) => {
    await using folder = await TempFolder.create();
    chmodSync(folder.path, mode);
    makeUnsharedFolder(folder.path);
    expect(modeOf(folder.path)).toBe(mode);
  });

  test.each([[0o777], [0o1777], [0o770], [0o702]])('may not be written by them: %i', async (mode) => {
    await using folder = await TempFolder.create();
    chmodSync(folder.path, mode);
    const error = thrown(() => makeUnsharedFolder(folder.path));
    expect(error).toBeInstanceOf(SharedFolderError);
    expect(String(error)).toContain(`chmod 700`);
    expect(modeOf(folder.path)).toBe(mode);
  });
});

describe('a process that shuts others out', () => {
  const PR_GET_DUMPABLE = 3;

  test('gives no core dump, also where one goes to a program; what it starts has its umask', async () => {
    await using program = new BunProgram(`
      const { libc } = await src('lib/libc.ts');
      const { shutOthersOut } = await src('lib/posix.ts');
      const dumpable = () => libc.prctl(${PR_GET_DUMPABLE}, 0n, 0n, 0n, 0n);
      const before = dumpable();
      shutOthersOut();
      const umask = Bun.spawnSync(['sh', '-c', 'umask']).stdout.toString().trim();
      console.log(JSON.stringify({ before, after: dumpable(), umask }));`);
    expect(await program.ended()).toBe(0);
    expect(JSON.parse(program.output)).toEqual({ before: 1, after: 0, umask: '0077' });
  });
});

describe("a child's environment", () => {
  afterEach(() => {
    delete process.env['CODELAND_KEY'];
    delete process.env['A_PROXY'];
  });

  test('has nothing of the operator’s but the path', () => {
    process.env['CODELAND_KEY'] = 'a-key-of-the-operator';
    process.env['A_PROXY'] = 'http://user:password@proxy';
    expect(bareEnvironment()).toEqual({ PATH: process.env['PATH'], LC_ALL: 'C' });
    const { PATH, A_PROXY, CODELAND_KEY } = environmentWithoutSettings();
    expect({ PATH, A_PROXY, CODELAND_KEY }).toEqual({
      PATH: process.env['PATH'],
      A_PROXY: 'http://user:password@proxy',
      CODELAND_KEY: undefined,
    });
  });
});
