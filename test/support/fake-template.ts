import type { QmpClient } from 'node-qemu-qmp';
import type { Lease } from '../../src/runner/lease.ts';
import { RunnerPool } from '../../src/runner/pool.ts';
import type { ClaimTerms, PoolOptions } from '../../src/runner/pool-options.ts';
import type { ReadyGuest } from '../../src/runner/ready-guest.ts';
import { FakeGuest } from './fake-guest.ts';
import { settle } from './time.ts';

type Restore = PromiseWithResolvers<ReadyGuest> & { readonly name: string; readonly signal: AbortSignal };

/** Claims a guest, without waiting unless the terms say otherwise. */
export function claim(pool: RunnerPool, terms: Partial<ClaimTerms> = {}): Promise<Lease> {
  return pool.claim({ waitSeconds: 0, signal: new AbortController().signal, ...terms });
}

/** Claims a guest and gives it back at once. */
export async function useUp(pool: RunnerPool): Promise<void> {
  await using _lease = await claim(pool);
}

/** What a pool restores from and asks, in the hands of the test: each restore waits for its word. */
export class FakeTemplate {
  /** Every guest that was made. */
  readonly guests: FakeGuest[] = [];
  readonly failures: Error[] = [];
  /** Most restores that were under way at once. */
  mostRestoring = 0;
  started = 0;
  memory = 1_000;
  descriptors = 1_000;
  /** The template that the guests to come are of. */
  id = 'template-of-the-test';
  /** The monitor of the guests to come. */
  monitor: QmpClient | undefined;
  /** Called with each guest before it is ready. */
  onGuest: (guest: FakeGuest) => void = () => {};
  readonly #waiting: Restore[] = [];
  #restoring = 0;
  #named = 0;

  pool(options: Partial<PoolOptions> = {}): RunnerPool {
    return new RunnerPool({
      target: 2,
      maxGuests: 4,
      refillWorkers: 2,
      memoryReserveBytes: 100,
      queueLimit: 10,
      nextName: () => `runner-${++this.#named}`,
      restore: (name, signal) => this.#restore(name, signal),
      availableMemory: () => this.memory,
      freeDescriptors: () => this.descriptors,
      cpuMs: (process) => this.guests.find(({ pid }) => pid === process)?.cpuMs ?? null,
      onFailure: (error) => this.failures.push(error),
      ...options,
    });
  }

  /** Restores that wait for the test. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get messages(): string[] {
    return this.failures.map(({ message }) => message);
  }

  /** Gives the restore that has waited longest its guest. */
  async finish(): Promise<FakeGuest> {
    const { name, resolve } = this.#next();
    const guest = new FakeGuest(name, 1_000 + this.guests.length);
    guest.monitor = this.monitor;
    this.guests.push(guest);
    this.onGuest(guest);
    resolve({ ...guest.ready, template: this.id });
    await settle();
    return guest;
  }

  async fail(reason = new Error('no state')): Promise<void> {
    this.#next().reject(reason);
    await settle();
  }

  /** Whether the restore that has waited longest was told to stop. */
  get toldToStop(): boolean {
    return this.#waiting[0]?.signal.aborted ?? false;
  }

  #next(): Restore {
    const restore = this.#waiting.shift();
    if (!restore) throw new Error('no restore is under way');
    return restore;
  }

  async #restore(name: string, signal: AbortSignal): Promise<ReadyGuest> {
    const restore = { ...Promise.withResolvers<ReadyGuest>(), name, signal };
    this.#waiting.push(restore);
    this.started += 1;
    this.#restoring += 1;
    this.mostRestoring = Math.max(this.mostRestoring, this.#restoring);
    try {
      return await restore.promise;
    } finally {
      this.#restoring -= 1;
    }
  }
}
