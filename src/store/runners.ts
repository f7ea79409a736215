/** The tables of the runners that stay and of their runs: what a later server needs to find them again. */
import type { StatementSync } from 'node:sqlite';
import { type Static, Type } from '@sinclair/typebox';
import type {
  BegunRun,
  Journal,
  JournaledRun,
  JournaledRunner,
  RunEnd,
  RunnerRecord,
  RunOutcome,
} from '../runner/journal.ts';
import type { Database } from './database.ts';
import { checkRow, parseText } from './row.ts';

const Time = Type.Integer();
const Count = Type.Integer({ minimum: 0 });
const State = Type.Union([
  Type.Literal('RESTORING'),
  Type.Literal('READY'),
  Type.Literal('RUNNING'),
  Type.Literal('RETIRING'),
]);

const Facts = Type.Object({
  history: Type.Array(Type.Object({ state: State, at: Time }), { minItems: 1 }),
  proof: Type.Object({
    hostname: Type.String(),
    machineId: Type.String(),
    mac: Type.String(),
    address: Type.String(),
    clockOffsetMs: Type.Number(),
    generators: Type.Array(Type.String()),
  }),
  readyStats: Type.Object({
    type: Type.Literal('stats'),
    id: Count,
    uptimeMs: Type.Number(),
    processes: Type.Number(),
    kernelMemoryBytes: Type.Number(),
    network: Type.Union([
      Type.Object({
        rxBytes: Type.Number(),
        txBytes: Type.Number(),
        rxPackets: Type.Number(),
        txPackets: Type.Number(),
      }),
      Type.Null(),
    ]),
  }),
});

const Outcome = Type.Object({
  exitCode: Type.Union([Type.Integer(), Type.Null()]),
  signal: Type.Union([Type.String(), Type.Null()]),
  timedOut: Type.Boolean(),
  truncated: Type.Boolean(),
  outOfMemory: Type.Boolean(),
});

const RunnerRow = Type.Object({
  name: Type.String(),
  owner: Type.String(),
  template: Type.String(),
  guest_number: Type.Integer({ minimum: 1 }),
  network: Type.Union([Type.Literal('none'), Type.Literal('egress')]),
  idle_seconds: Type.Integer({ minimum: 1 }),
  max_age_seconds: Type.Integer({ minimum: 1 }),
  created_at: Time,
  created_boot_ms: Time,
  cpu_ms: Type.Number({ minimum: 0 }),
  facts: Type.String(),
});

const RunRow = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  seconds: Type.Integer({ minimum: 1 }),
  output_bytes: Count,
  started_at: Time,
  started_boot_ms: Time,
  ended_at: Type.Union([Time, Type.Null()]),
  ended_boot_ms: Type.Union([Time, Type.Null()]),
  outcome: Type.Union([Type.String(), Type.Null()]),
});

const TemplateRow = Type.Object({ template: Type.String(), name: Type.String() });

/** Rows of another boot of the host are those of guests that are gone with it. */
export class RunnerTable {
  readonly #boot: string;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #charge: StatementSync;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #drop: StatementSync;
  readonly #all: StatementSync;
  readonly #runs: StatementSync;
  readonly #templates: StatementSync;
  readonly #forgetOthers: StatementSync;

  /** @param boot Of the host, now. */
  constructor(database: Database, boot: string) {
    this.#boot = boot;
    this.#insert = database.prepare(
      `INSERT INTO runners (name, boot, owner, template, guest_number, network, idle_seconds, max_age_seconds,
        created_at, created_boot_ms, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = database.prepare('DELETE FROM runners WHERE name = ?');
    this.#charge = database.prepare('UPDATE runners SET cpu_ms = ? WHERE name = ?');
    this.#begin = database.prepare(
      `INSERT INTO runs (runner, number, seconds, output_bytes, started_at, started_boot_ms)
        VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#end = database.prepare(
      'UPDATE runs SET ended_at = ?, ended_boot_ms = ?, outcome = ? WHERE runner = ? AND number = ?',
    );
    this.#drop = database.prepare('DELETE FROM runs WHERE runner = ? AND number = ?');
    this.#all = database.prepare('SELECT * FROM runners WHERE boot = ? ORDER BY created_boot_ms, name');
    this.#runs = database.prepare('SELECT * FROM runs WHERE runner = ? ORDER BY number');
    this.#templates = database.prepare('SELECT template, name FROM runners WHERE boot = ? ORDER BY name');
    this.#forgetOthers = database.prepare('DELETE FROM runners WHERE boot <> ?');
  }

  insert(runner: RunnerRecord): void {
    const { history, proof, readyStats, lifetime } = runner;
    this.#insert.run(
      runner.name,
      this.#boot,
      runner.owner,
      runner.template,
      runner.guestNumber,
      runner.network,
      lifetime.idleSeconds,
      lifetime.maxAgeSeconds,
      runner.createdAt,
      runner.createdBootMs,
      JSON.stringify({ history, proof, readyStats }),
    );
  }

  /** Removes a runner with its runs. */
  delete(name: string): void {
    this.#delete.run(name);
  }

  charge(name: string, cpuMs: number): void {
    this.#charge.run(cpuMs, name);
  }

  begin(name: string, { number, seconds, outputBytes, startedAt, startedBootMs }: BegunRun): void {
    this.#begin.run(name, number, seconds, outputBytes, startedAt, startedBootMs);
  }

  end(name: string, run: number, { endedAt, endedBootMs, outcome }: RunEnd): void {
    this.#end.run(endedAt, endedBootMs, outcome && JSON.stringify(outcome), name, run);
  }

  drop(name: string, run: number): void {
    this.#drop.run(name, run);
  }

  /** Removes what is of earlier boots. */
  forgetEarlierBoots(): void {
    this.#forgetOthers.run(this.#boot);
  }

  /** All of this boot, the oldest first. @throws {StoreError} When a row is damaged. */
  list(): JournaledRunner[] {
    return this.#all.all(this.#boot).map((row) => this.#toRunner(checkRow('runners', RunnerRow, row)));
  }

  /** Template → names of the runners that were restored from it. */
  byTemplate(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const each of this.#templates.all(this.#boot)) {
      const { template, name } = checkRow('runners', TemplateRow, each);
      names.set(template, [...(names.get(template) ?? []), name]);
    }
    return names;
  }

  #toRunner(row: Static<typeof RunnerRow>): JournaledRunner {
    const facts = checkRow('runners', Facts, parseText(row.facts));
    const runs = this.#runs.all(row.name).map((run) => toRun(checkRow('runs', RunRow, run)));
    return {
      runner: {
        name: row.name,
        owner: row.owner,
        template: row.template,
        guestNumber: row.guest_number,
        network: row.network,
        lifetime: { idleSeconds: row.idle_seconds, maxAgeSeconds: row.max_age_seconds },
        createdAt: row.created_at,
        createdBootMs: row.created_boot_ms,
        ...facts,
      },
      cpuMs: row.cpu_ms,
      runs,
    };
  }
}

function toRun(row: Static<typeof RunRow>): JournaledRun {
  const { ended_at: endedAt, ended_boot_ms: endedBootMs } = row;
  const outcome: RunOutcome | null =
    row.outcome === null ? null : checkRow('runs', Outcome, parseText(row.outcome));
  return {
    number: row.number,
    seconds: row.seconds,
    outputBytes: row.output_bytes,
    startedAt: row.started_at,
    startedBootMs: row.started_boot_ms,
    end: endedAt === null || endedBootMs === null ? null : { endedAt, endedBootMs, outcome },
  };
}

/**
 * The journal of a server. While another process holds the database, it waits; what cannot be written is told, and no
 * runner is worse off until the server dies.
 */
export function openJournal(
  database: Database,
  table: RunnerTable,
  onFault: (error: Error) => void,
): Journal {
  const note = async (write: () => void): Promise<void> => {
    try {
      await database.write(write);
    } catch (cause) {
      onFault(new Error('a runner could not be written down; a later server may not find it', { cause }));
    }
  };
  return {
    made: (runner) => void note(() => table.insert(runner)),
    gone: (name) => void note(() => table.delete(name)),
    charged: (name, cpuMs) => void note(() => table.charge(name, cpuMs)),
    began: (name, run) => void note(() => table.begin(name, run)),
    ended: (name, run, end) => void note(() => table.end(name, run, end)),
    dropped: (name, run) => void note(() => table.drop(name, run)),
  };
}
