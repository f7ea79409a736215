/** The runners that stay and outlived the server that made them: found, taken over, or given up with a reason. */
import { join } from 'node:path';
import { adoptGuest } from './guest/adopt.ts';
import type { Hosting } from './guest/hosting.ts';
import { findLeftover } from './guest/leftovers.ts';
import { mapAtMost } from './lib/concurrently.ts';
import type { Egress } from './network/egress.ts';
import type { ConnectedGuest } from './network/port.ts';
import { History } from './runner/history.ts';
import type { JournaledRunner, RunnerRecord } from './runner/journal.ts';
import type { Runners } from './runner/runners.ts';
import type { RunnerTable } from './store/runners.ts';

/** Guests that are taken over at once. */
const AT_ONCE = 16;

/**
 * The runners that were written down and whose guests live. The others are struck out.
 * @param folder Of the guests' own folders.
 * @throws {StoreError} When a row is damaged.
 */
export async function findSurvivors(table: RunnerTable, folder: string): Promise<JournaledRunner[]> {
  table.forgetEarlierBoots();
  const found = await mapAtMost(table.list(), AT_ONCE, async (journaled) => {
    const { name } = journaled.runner;
    if (await findLeftover(join(folder, name))) return [journaled];
    table.delete(name);
    return [];
  });
  return found.flat();
}

export type Adoption = {
  readonly table: RunnerTable;
  readonly folder: string;
  readonly hosting: Hosting;
  /** Undefined: this server gives no guest a way out, and none has one. */
  readonly egress: Pick<Egress, 'adoptPort' | 'settle'> | undefined;
  readonly runners: Runners;
  /** Told of each runner that was taken over. */
  readonly onAdopted: (name: string) => void;
  /** Told of each one that could not be. */
  readonly onFailure: (error: Error) => void;
};

/** Takes over all of them. What cannot be taken over is ended and struck out. */
export async function adoptSurvivors(
  survivors: readonly JournaledRunner[],
  { table, folder, hosting, egress, runners, onAdopted, onFailure }: Adoption,
): Promise<void> {
  await mapAtMost(survivors, AT_ONCE, async (journaled) => {
    const { name, guestNumber: number, network, template, proof, readyStats: stats } = journaled.runner;
    try {
      const adoptPort = (left: ConnectedGuest) => egress?.adoptPort(left) ?? null;
      const guest = await adoptGuest({ name, number, folder: join(folder, name) }, hosting, {
        ...(network === 'egress' && { adoptPort }),
      });
      runners.adopt({ guest, template, history: historyOf(journaled.runner), proof, stats }, journaled);
      onAdopted(name);
    } catch (cause) {
      table.delete(name);
      onFailure(new Error(`runner ${name} was lost in a restart of the server`, { cause }));
    }
  });
  await egress?.settle();
}

/** It was written down before its CPU ran for the first time. */
function historyOf({ history, createdAt }: RunnerRecord): History {
  const states = History.of(history);
  return states.now.state === 'READY'
    ? History.of([...history, { state: 'RUNNING', at: createdAt }])
    : states;
}
