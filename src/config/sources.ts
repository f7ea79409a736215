/** Where settings come from: the environment, and for what that does not have, the settings file. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { readSettingsFile, unknownName } from './file.ts';
import { ConfigError } from './setting.ts';
import { SETTING_NAMES } from './settings.ts';

export const DEFAULT_CONFIG_FILE = '/etc/codeland/codeland.conf';
/** Names the settings file. */
export const FILE_VARIABLE = 'CODELAND_CONFIG';
/** Of the tests, and of programs that use the service. */
const OTHERS: readonly string[] = [FILE_VARIABLE, 'CODELAND_TEST_HOME', 'CODELAND_URL', 'CODELAND_OTHER_KEY'];

export type Environment = Readonly<Record<string, string | undefined>>;

export type Sources = {
  readonly values: Environment;
  /** Settings whose values are the file's, and where in it they are: as `/etc/codeland/codeland.conf, line 3`. */
  readonly places: ReadonlyMap<string, string>;
  /** What is likely a slip, a sentence each. */
  readonly warnings: readonly string[];
};

/** The settings file, if there is one. @throws {ConfigError} When its path cannot be one. */
export function settingsFile(
  environment: Environment,
  defaultFile = DEFAULT_CONFIG_FILE,
): string | undefined {
  const path = environment[FILE_VARIABLE]?.trim() || (existsSync(defaultFile) ? defaultFile : undefined);
  if (path === undefined || isAbsolute(path)) return path;
  throw new ConfigError(`${FILE_VARIABLE} is "${path}"; it must be an absolute path`, FILE_VARIABLE);
}

/** @throws {ConfigError} When there is a settings file that cannot be used. */
export function readSources(environment: Environment, defaultFile?: string): Sources {
  const path = settingsFile(environment, defaultFile);
  const values: Record<string, string | undefined> = { ...environment };
  const places = new Map<string, string>();
  for (const [name, { value, line }] of path === undefined ? [] : readSettingsFile(path)) {
    if (values[name]?.trim()) continue;
    values[name] = value;
    places.set(name, `${path}, line ${line}`);
  }
  const strange = Object.keys(environment).filter(
    (name) => name.startsWith('CODELAND_') && !SETTING_NAMES.includes(name) && !OTHERS.includes(name),
  );
  return { values, places, warnings: strange.map((name) => `in the environment, ${unknownName(name)}`) };
}
