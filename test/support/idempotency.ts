import { type Static, Type } from '@sinclair/typebox';
import { Idempotency } from '../../src/http/idempotency.ts';
import type { KeptOutcomesOptions } from '../../src/http/kept-outcomes.ts';
import { Database } from '../../src/store/database.ts';
import { TempFolder } from './temp-folder.ts';

export const Reply = Type.Object({ text: Type.String(), number: Type.Union([Type.Number(), Type.Null()]) });
export type Reply = Static<typeof Reply>;

/** A data folder, and servers on it that are started and ended one after the other. */
export class IdempotencyHome implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly faults: unknown[] = [];
  /** Milliseconds since 1970. */
  time = Date.parse('2026-03-01T12:00:00Z');
  database: Database;
  idempotency: Idempotency;
  readonly #bounds: KeptOutcomesOptions['bounds'];

  private constructor(folder: TempFolder, bounds: KeptOutcomesOptions['bounds']) {
    this.folder = folder;
    this.#bounds = bounds;
    this.database = Database.open(folder.path);
    this.idempotency = this.#start();
  }

  static async create(bounds?: KeptOutcomesOptions['bounds']): Promise<IdempotencyHome> {
    return new IdempotencyHome(await TempFolder.create(), bounds);
  }

  async restart(): Promise<void> {
    await this.idempotency[Symbol.asyncDispose]();
    this.database[Symbol.dispose]();
    this.database = Database.open(this.folder.path);
    this.idempotency = this.#start();
  }

  /** A server after one that was killed: nothing of that one was ended in order. */
  startAnother(): void {
    this.idempotency = this.#start();
  }

  #start(): Idempotency {
    return new Idempotency({
      database: this.database,
      hours: 24,
      onFault: (error) => this.faults.push(error),
      now: () => this.time,
      ...(this.#bounds && { bounds: this.#bounds }),
    });
  }

  /** One request, as a route makes it. */
  ask(
    key: string | undefined,
    execute: (signal: AbortSignal) => Promise<Reply>,
    more: { owner?: string; fingerprint?: string; signal?: AbortSignal } = {},
  ): Promise<{ value: Reply; replayed: boolean }> {
    const { owner = 'owner', fingerprint = 'print', signal = new AbortController().signal } = more;
    return this.idempotency.once({ owner, key, fingerprint, signal }, Reply, execute);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.idempotency[Symbol.asyncDispose]();
    this.database[Symbol.dispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}
