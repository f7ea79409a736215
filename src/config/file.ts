/**
 * The settings file: lines of NAME=VALUE. All that is taken here means the same in a file of systemd's
 * `EnvironmentFile=` (systemd.exec(5)); what would need its rules for escapes is refused.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { closest } from '../lib/closest.ts';
import { ConfigError } from './setting.ts';
import { SETTING_NAMES, SETTINGS } from './settings.ts';

export type FileEntry = { readonly value: string /** From 1. */; readonly line: number };

/** Settings by their names. */
export type SettingsFile = ReadonlyMap<string, FileEntry>;

/** A value, in quotes if it likes, which must match. */
const LINE = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"'\\]*?))\s*$/;

/**
 * @param text The file's.
 * @param path Named in errors.
 * @throws {ConfigError} For a line of another form, and for a name that is not known or is there twice.
 */
export function parseSettings(text: string, path: string): SettingsFile {
  const entries = new Map<string, FileEntry>();
  for (const [index, content] of text.split('\n').entries()) {
    if (/^\s*([#;]|$)/.test(content)) continue;
    const line = index + 1;
    const at = `${path}, line ${line}`;
    const [matched, name = '', double, single, plain = ''] = LINE.exec(content) ?? [];
    if (matched === undefined) {
      throw new ConfigError(
        `${at}: it must be NAME=VALUE, the value with quotes around all of it or none, and no backslash`,
      );
    }
    if (!SETTING_NAMES.includes(name)) throw new ConfigError(`${at}: ${unknownName(name)}`);
    const earlier = entries.get(name);
    if (earlier) throw new ConfigError(`${at}: ${name} is set in line ${earlier.line} already; leave one`);
    entries.set(name, { value: double ?? single ?? plain, line });
  }
  return entries;
}

/** That there is no such setting, and which may be meant. */
export function unknownName(name: string): string {
  const known = closest(name.toUpperCase(), SETTING_NAMES);
  return `there is no setting ${name}; ${known ? `did you mean ${known}?` : 'docs/configuration.md has them all'}`;
}

/**
 * @throws {ConfigError} When it cannot be read, when others may change it, or read a key in it, and as
 *   {@link parseSettings}.
 */
export function readSettingsFile(path: string): SettingsFile {
  const { text, mode, uid, isFile } = readWithMode(path);
  const entries = parseSettings(text, path);
  if (!isFile) return entries;
  const self = process.getuid?.() ?? uid;
  if ((uid !== self && uid !== 0) || (mode & 0o022) !== 0) {
    throw new ConfigError(`${path} may be changed by others; chown it to root, and chmod go-w it`);
  }
  if (entries.has(SETTINGS.key.name) && (mode & 0o077) !== 0) {
    throw new ConfigError(`${path} has ${SETTINGS.key.name} and may be read by others; chmod 600 it`);
  }
  return entries;
}

function readWithMode(path: string) {
  try {
    const fd = openSync(path, 'r');
    try {
      const stat = fstatSync(fd);
      const text = readFileSync(fd, 'utf8');
      return { text, mode: stat.mode, uid: stat.uid, isFile: stat.isFile() };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `the settings file cannot be read: ${why}; CODELAND_CONFIG names another, /dev/null for none`,
    );
  }
}
