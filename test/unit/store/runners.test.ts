import { describe, expect, test } from 'bun:test';
import type { JournaledRun, RunnerRecord } from '../../../src/runner/journal.ts';
import { Database } from '../../../src/store/database.ts';
import { guestNames } from '../../../src/store/names.ts';
import { openJournal, RunnerTable } from '../../../src/store/runners.ts';
import { statsReply } from '../../support/agent-messages.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const RUNNER: RunnerRecord = {
  name: 'runner-7',
  owner: 'anna',
  template: 'one',
  guestNumber: 3,
  network: 'egress',
  lifetime: { idleSeconds: 10, maxAgeSeconds: 100 },
  createdAt: 1_700_000_000_000,
  createdBootMs: 5_000,
  history: [
    { state: 'RESTORING', at: 1 },
    { state: 'READY', at: 2 },
  ],
  proof: {
    hostname: 'runner-7',
    machineId: '0'.repeat(32),
    mac: '52:54:00:10:00:03',
    address: '172.16.0.3',
    clockOffsetMs: 0.5,
    generators: ['kernel'],
  },
  readyStats: statsReply(1),
};

const begun = (number: number) => ({
  number,
  seconds: 5,
  outputBytes: 100,
  startedAt: 1_700_000_000_500,
  startedBootMs: 5_500,
});
const OUTCOME = { exitCode: null, signal: 'SIGKILL', timedOut: true, truncated: false, outOfMemory: false };

async function open() {
  const folder = await TempFolder.create();
  const database = Database.open(folder.path);
  return {
    database,
    table: (boot = 'this boot') => new RunnerTable(database, boot),
    [Symbol.asyncDispose]: async () => {
      database[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('the runners that were written down', () => {
  test('come back as they were, with what was charged and their runs in order', async () => {
    await using store = await open();
    const journal = openJournal(store.database, store.table(), (error) => {
      throw error;
    });
    journal.made(RUNNER);
    journal.charged('runner-7', 12.5);
    for (const number of [10, 9]) journal.began('runner-7', begun(number));
    const end = { endedAt: 1_700_000_001_000, endedBootMs: 6_000 };
    journal.ended('runner-7', 9, { ...end, outcome: OUTCOME });
    const runs: JournaledRun[] = [
      { ...begun(9), end: { ...end, outcome: OUTCOME } },
      { ...begun(10), end: null },
    ];
    expect(store.table().list()).toEqual([{ runner: RUNNER, cpuMs: 12.5, runs }]);
    expect(store.table().byTemplate()).toEqual(new Map([['one', ['runner-7']]]));
    journal.ended('runner-7', 10, { ...end, outcome: null });
    journal.dropped('runner-7', 9);
    expect(store.table().list()[0]?.runs).toEqual([{ ...begun(10), end: { ...end, outcome: null } }]);
  });

  test('are gone with their runs when they end', async () => {
    await using store = await open();
    const table = store.table();
    table.insert(RUNNER);
    table.begin('runner-7', begun(1));
    table.delete('runner-7');
    table.insert(RUNNER);
    expect(table.list()[0]?.runs).toEqual([]);
  });

  test('are nobody’s after the host was started again', async () => {
    await using store = await open();
    store.table('an earlier boot').insert(RUNNER);
    expect(store.table().list()).toEqual([]);
    expect(store.table().byTemplate()).toEqual(new Map());
    store.table().forgetEarlierBoots();
    expect(store.table('an earlier boot').list()).toEqual([]);
  });

  test('a row that somebody has damaged is named', async () => {
    await using store = await open();
    store.table().insert(RUNNER);
    store.database.prepare("UPDATE runners SET facts = '{}'").run();
    expect(() => store.table().list()).toThrow(/row of the table runners is damaged/);
  });

  test('what cannot be written is told, and stops nobody', async () => {
    await using store = await open();
    const faults: Error[] = [];
    const journal = openJournal(store.database, store.table(), (error) => faults.push(error));
    journal.made(RUNNER);
    journal.made(RUNNER);
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringContaining('could not be written down'),
    ]);
  });
});

describe('names of guests', () => {
  test('come one after the other, and none again from another server', async () => {
    await using store = await open();
    const first = guestNames(store.database);
    const names = Array.from({ length: 150 }, () => first());
    expect(names[0]).toBe('runner-1');
    expect(names.at(-1)).toBe('runner-150');
    const second = guestNames(store.database);
    const more = [second(), first(), second()];
    expect(new Set([...names, ...more]).size).toBe(153);
  });
});
