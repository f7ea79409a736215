/** What operators read of the settings is made from their table, and true. */
import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingsFiles } from '../../../scripts/generate-settings.ts';
import { parseSettings } from '../../../src/config/file.ts';
import { SETTING_NAMES } from '../../../src/config/settings.ts';
import { readConfig } from '../../../src/config.ts';

const ROOT = join(import.meta.dirname, '../../..');

test.each([...settingsFiles])('%s is up to date: npm run settings', async (name, content) => {
  expect(await readFile(join(ROOT, name), 'utf8')).toBe(content);
});

const sample = await readFile(join(ROOT, 'deploy/codeland.conf'), 'utf8');
const asValues = (text: string) =>
  Object.fromEntries([...parseSettings(text, 'sample')].map(([name, { value }]) => [name, value]));

test('the sample sets nothing as it is', () => {
  expect(asValues(sample)).toEqual({});
});

test('the sample shows every setting with a value that can be used, the default where there is one', () => {
  const shown = asValues(sample.replaceAll(/^#(?=\w)/gm, ''));
  expect(Object.keys(shown)).toEqual([...SETTING_NAMES]);
  const withoutDefault = {
    CODELAND_HOME: '/srv/codeland',
    CODELAND_KEY: shown['CODELAND_KEY'],
    CODELAND_EGRESS_RESOLVERS: shown['CODELAND_EGRESS_RESOLVERS'],
  };
  expect(readConfig({ ...shown, ...withoutDefault })).toEqual(readConfig(withoutDefault));
});

test('each setting is named once, and is the service’s own', () => {
  expect(new Set(SETTING_NAMES).size).toBe(SETTING_NAMES.length);
  for (const name of SETTING_NAMES) expect(name).toMatch(/^CODELAND_[A-Z_]+$/);
});
