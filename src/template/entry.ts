/** What a list of templates says of each. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { diskUse } from '../lib/disk-use.ts';
import { type Pins, readManifest } from './manifest.ts';

/** Who needs each template, by its id: names of runners, `the server`. */
export type Dependants = ReadonlyMap<string, readonly string[]>;

export type TemplateEntry = {
  readonly id: string;
  /** `unreadable`: its manifest is; `quarantined`: found damaged or not to work, never used again. */
  readonly state: 'baked' | 'unreadable' | 'quarantined';
  /** Why it was quarantined. */
  readonly reason: string | null;
  /** RFC 3339, UTC; null when its manifest cannot be read. */
  readonly created: string | null;
  readonly pins: Pins | null;
  readonly isCurrent: boolean;
  readonly isPrevious: boolean;
  /** What it takes of the disk. */
  readonly bytes: number;
  readonly dependants: readonly string[];
};

/** Beside a quarantined template's own files. */
export const QUARANTINE_FILE = 'quarantine.json';

export const Quarantine = Type.Object({ reason: Type.String(), at: Type.String() });
export type Quarantine = Static<typeof Quarantine>;

/** What of an entry its folder tells. */
export async function readEntry(
  folder: string,
): Promise<Pick<TemplateEntry, 'created' | 'pins' | 'reason' | 'bytes'>> {
  const manifest = await readManifest(folder).catch(() => null);
  return {
    created: manifest?.created ?? null,
    pins: manifest?.pins ?? null,
    reason: await readReason(join(folder, QUARANTINE_FILE)),
    bytes: await diskUse(folder),
  };
}

async function readReason(path: string): Promise<string | null> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Value.Check(Quarantine, found) ? found.reason : null;
  } catch {
    return null;
  }
}
