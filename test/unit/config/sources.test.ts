import { afterEach, beforeEach, expect, spyOn, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { readSources } from '../../../src/config/sources.ts';
import { loadConfig } from '../../../src/config.ts';
import { thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

let folder: TempFolder;
let file: string;
beforeEach(async () => {
  folder = await TempFolder.create();
  file = folder.file('codeland.conf');
});
afterEach(() => folder[Symbol.asyncDispose]());

const write = (text: string) => writeFile(file, text, { mode: 0o600 });

test('the environment wins over the file, unless it is empty there', async () => {
  await write('CODELAND_PORT=1\nCODELAND_HOST=file\nCODELAND_LOG_LEVEL=warn\n');
  const config = loadConfig({ CODELAND_CONFIG: file, CODELAND_PORT: '2', CODELAND_HOST: ' ' });
  expect([config.port, config.host, config.logLevel]).toEqual([2, 'file', 'warn']);
});

test('the file at the usual place is read when there is one, and CODELAND_CONFIG names another', async () => {
  expect(readSources({}, file).values).toEqual({});
  await write('CODELAND_PORT=1\n');
  expect(readSources({}, file).values).toEqual({ CODELAND_PORT: '1' });
  expect(readSources({ CODELAND_CONFIG: '/dev/null' }, file).values).toEqual({
    CODELAND_CONFIG: '/dev/null',
  });
});

test('a file that is asked for must be there, by an absolute path', () => {
  for (const CODELAND_CONFIG of [file, 'codeland.conf']) {
    expect(thrown(() => readSources({ CODELAND_CONFIG }))).toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('CODELAND_CONFIG'),
    });
  }
});

test('a value of the file that cannot be used is refused by its place, one of the environment is not', async () => {
  await write('# a comment\nCODELAND_PORT=many\n');
  const place = `(${file}, line 2)`;
  expect(thrown(() => loadConfig({ CODELAND_CONFIG: file }))).toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/^CODELAND_PORT is "many"; it must be .*/),
  });
  expect(thrown(() => loadConfig({ CODELAND_CONFIG: file }))).toMatchObject({
    message: expect.stringContaining(place),
  });
  expect(thrown(() => loadConfig({ CODELAND_CONFIG: file, CODELAND_PORT: 'more' }))).toMatchObject({
    message: expect.not.stringContaining(place),
  });
});

test('a slip in the environment is a warning that says what may be meant', () => {
  const CODELAND_CONFIG = '/dev/null';
  const warn = spyOn(console, 'error').mockImplementation(() => {});
  try {
    loadConfig({ CODELAND_CONFIG, CODELAND_PORTS: '1', CODELAND_URL: 'http://x', HOME: '/', PORT: '1' });
    expect(warn.mock.calls).toEqual([
      ['codeland: in the environment, there is no setting CODELAND_PORTS; did you mean CODELAND_PORT?'],
    ]);
  } finally {
    warn.mockRestore();
  }
});
