import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmod, writeFile } from 'node:fs/promises';
import { parseSettings, readSettingsFile } from '../../../src/config/file.ts';
import { ConfigError } from '../../../src/config.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const PATH = '/etc/codeland/codeland.conf';
const parse = (text: string) => parseSettings(text, PATH);
const values = (text: string) =>
  Object.fromEntries([...parse(text)].map(([name, { value }]) => [name, value]));

describe('a line', () => {
  test.each([
    ['CODELAND_PORT=1', '1'],
    ['  CODELAND_PORT = 1  ', '1'],
    ['CODELAND_PORT="1"', '1'],
    ["CODELAND_PORT='1' ", '1'],
    ['CODELAND_PORT=" a # b "', ' a # b '],
    ['CODELAND_PORT=a # b', 'a # b'],
    ['CODELAND_PORT=a=b', 'a=b'],
    ['CODELAND_PORT=$HOME', '$HOME'],
    ['CODELAND_PORT=', ''],
    ['CODELAND_PORT=1\r', '1'],
  ])('%j sets %j', (line, value) => {
    expect(values(line)).toEqual({ CODELAND_PORT: value });
  });

  test('that is blank or a comment sets nothing', () => {
    expect(values('\n  \n# CODELAND_PORT=1\n ; CODELAND_PORT=1\n#CODELAND_PORT=1\n')).toEqual({});
  });

  test('is known by its number', () => {
    expect(parse('# one\n\nCODELAND_PORT=1\nCODELAND_HOST=x\n').get('CODELAND_HOST')).toEqual({
      value: 'x',
      line: 4,
    });
  });

  test.each([
    'CODELAND_PORT',
    'export CODELAND_PORT=1',
    'CODELAND_PORT: 1',
    'CODELAND_PORT="1',
    `CODELAND_PORT="1'`,
    'CODELAND_PORT="a"b',
    'CODELAND_PORT=a"b"',
    'CODELAND_PORT=a\\',
    'CODELAND_PORT="a\\n"',
    '[Service]',
    '=1',
  ])('%j is refused by its place', (line) => {
    const error = thrown(() => parse(`# first\n${line}\nCODELAND_HOST=x`));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${PATH}, line 2: `) });
  });
});

describe('a name', () => {
  test.each([
    ['CODELAND_POOLSIZE', 'CODELAND_POOL_SIZE'],
    ['CODLAND_PORT', 'CODELAND_PORT'],
    ['CODELAND_MAX_SECOND', 'CODELAND_MAX_SECONDS'],
    ['codeland_port', 'CODELAND_PORT'],
    ['PATH', 'docs/configuration.md'],
    ['CODELAND_CONFIG', 'docs/configuration.md'],
    ['__proto__', 'docs/configuration.md'],
  ])('%s is not known, which says %s', (name, hint) => {
    const error = thrown(() => parse(`${name}=1`));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`${PATH}, line 1: there is no setting ${name};`);
    expect(String(error)).toContain(hint);
  });

  test('may be there once', () => {
    const error = thrown(() => parse('CODELAND_PORT=1\n\nCODELAND_PORT=1'));
    expect(error).toMatchObject({ message: expect.stringMatching(/line 3: CODELAND_PORT .* line 1/) });
  });
});

describe('a file', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await TempFolder.create();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const write = async (text: string, mode: number) => {
    const path = folder.file('codeland.conf');
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  };

  test('may be read by everybody', async () => {
    const path = await write('CODELAND_PORT=1\n', 0o644);
    expect(readSettingsFile(path).get('CODELAND_PORT')?.value).toBe('1');
  });

  test.each([0o664, 0o646, 0o622])('may not be written by others: %o', async (mode) => {
    const path = await write('CODELAND_PORT=1\n', mode);
    expect(thrown(() => readSettingsFile(path))).toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/may be changed by others.*chmod go-w/),
    });
  });

  test('with a key is for its owner alone', async () => {
    const text = 'CODELAND_KEY=a-key-of-the-operator\n';
    expect(readSettingsFile(await write(text, 0o600)).size).toBe(1);
    for (const mode of [0o640, 0o604]) {
      const path = await write(text, mode);
      const error = String(thrown(() => readSettingsFile(path)));
      expect(error).toContain('chmod 600');
      expect(error).not.toContain('a-key');
    }
  });

  test('that is not there is an error that names it', () => {
    const path = folder.file('none.conf');
    expect(thrown(() => readSettingsFile(path))).toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(path),
    });
  });

  test('that is /dev/null is none', () => {
    expect(readSettingsFile('/dev/null').size).toBe(0);
  });
});
