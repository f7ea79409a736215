/** Who needs each template: runners that stay, also while no server runs, and the server. */
import { existsSync } from 'node:fs';
import { answered, controlClient, NoServerError } from './control/client.ts';
import { bootId } from './lib/boot-clock.ts';
import { findServer } from './server-record.ts';
import { Database, databaseFile } from './store/database.ts';
import { RunnerTable } from './store/runners.ts';
import type { Dependants } from './template/entry.ts';

/**
 * @param home The data folder.
 * @throws {NoServerError} When a server runs and cannot be asked.
 * @throws {StoreError} When the database cannot be read.
 */
export async function readDependants(home: string): Promise<Dependants> {
  const needs = new Map<string, Set<string>>();
  const add = (id: string, names: readonly string[]) =>
    needs.set(id, new Set([...(needs.get(id) ?? []), ...names]));
  const status = await unlessAbsent(home, answered(controlClient(home).status.get()));
  if (status) {
    for (const id of [status.current, status.canary]) if (id !== null) add(id, ['the server']);
    for (const { template, inUse } of status.guests) add(template, inUse);
  }
  for (const [id, names] of runnersThatStay(home)) add(id, names);
  return new Map([...needs].map(([id, names]) => [id, [...names]]));
}

function runnersThatStay(home: string): Dependants {
  if (!existsSync(databaseFile(home))) return new Map();
  using database = Database.open(home);
  return new RunnerTable(database, bootId()).byTemplate();
}

/** What an answer is, or undefined when no server runs. */
export async function unlessAbsent<T>(home: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoServerError && !(await findServer(home))) return undefined;
    throw error;
  }
}
