import { expect, jest, test } from 'bun:test';
import fc from 'fast-check';
import { RunnerNotAvailableError } from '../../../src/runner/errors.ts';
import type { Lease } from '../../../src/runner/lease.ts';
import type { RunnerPool } from '../../../src/runner/pool.ts';
import { claim, FakeTemplate } from '../../support/fake-template.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const at = fc.nat(20);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('claim' as const), seconds: fc.constantFrom(0, 1, 5, 40) }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('leave' as const, 'giveBack' as const), at }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('finish' as const, 'fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const), at }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('memory' as const), free: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('pass' as const), ms: fc.nat(20_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const sizes = fc.record({
  target: fc.integer({ min: 1, max: 4 }),
  maxGuests: fc.integer({ min: 4, max: 6 }),
  refillWorkers: fc.integer({ min: 1, max: 3 }),
  queueLimit: fc.nat(4),
});
type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;

/** No restore here takes longer, ms: the pool would give it up, which watchdog.test.ts is about. */
const LONGEST_RESTORE_MS = 100_000;

/** One who claimed, and what came of it. */
type Claimant = { readonly leave: AbortController; lease?: Lease; error?: unknown; isBack?: boolean };

/** A pool, and all that was ever claimed of it in the order it was. */
class Walk {
  readonly template = new FakeTemplate();
  readonly pool: RunnerPool;
  readonly #sizes: Sizes;
  /** Restores that are under way are no older, ms. */
  #passed = 0;
  readonly #claimants: Claimant[] = [];
  /** In the order in which they got a guest. */
  readonly #served: Claimant[] = [];

  constructor(given: Sizes) {
    this.#sizes = given;
    this.pool = this.template.pool(given);
    this.pool.start();
  }

  get #waiting(): Claimant[] {
    return this.#claimants.filter(({ lease, error }) => !lease && error === undefined);
  }

  get #holding(): Claimant[] {
    return this.#served.filter(({ isBack }) => !isBack);
  }

  async take(step: Step): Promise<void> {
    switch (step.act) {
      case 'claim':
        this.#claim(step.seconds);
        break;
      case 'leave':
        pick(this.#waiting, step.at)?.leave.abort(new Error('gone'));
        break;
      case 'giveBack':
        giveBack(pick(this.#holding, step.at));
        break;
      case 'finish':
        if (this.template.waiting > 0) await this.template.finish();
        break;
      case 'fail':
        if (this.template.waiting > 0) await this.template.fail();
        break;
      case 'lose':
        pick(this.template.guests, step.at)?.lose();
        break;
      case 'memory':
        this.template.memory = step.free ? 1_000 : 0;
        break;
      case 'pass':
        this.#passed += step.ms;
        if (this.#passed > LONGEST_RESTORE_MS) {
          while (this.template.waiting > 0) await this.template.fail();
          this.#passed = step.ms;
        }
        await pass(step.ms);
        break;
    }
    await settle();
    this.#check();
  }

  async end(): Promise<void> {
    const waiting = this.#waiting;
    const ended = this.pool[Symbol.asyncDispose]();
    for (const claimant of this.#holding) giveBack(claimant);
    while (this.template.waiting > 0) await this.template.fail();
    await ended;
    await settle();
    for (const { error } of waiting) expect(error).toBeInstanceOf(RunnerNotAvailableError);
    expect(this.template.guests.every(({ ends }) => ends === 1)).toBe(true);
    const { ready, restoring, leased, retiring } = this.pool.counts;
    expect([this.#waiting.length, ready, restoring, leased, retiring]).toEqual([0, 0, 0, 0, 0]);
    expect(jest.getTimerCount()).toBe(0);
  }

  #claim(waitSeconds: number): void {
    const claimant: Claimant = { leave: new AbortController() };
    this.#claimants.push(claimant);
    claim(this.pool, { waitSeconds, signal: claimant.leave.signal }).then(
      (lease) => {
        claimant.lease = lease;
        this.#served.push(claimant);
      },
      (error: unknown) => {
        claimant.error = error;
      },
    );
  }

  #check(): void {
    const { ready, restoring, leased, retiring, waiting } = this.pool.counts;
    const { maxGuests, refillWorkers, queueLimit } = this.#sizes;
    expect(waiting).toBe(this.#waiting.length);
    expect(leased).toBe(this.#holding.length);
    expect(restoring).toBe(this.template.waiting);
    expect(ready + restoring + leased + retiring).toBeLessThanOrEqual(maxGuests);
    expect(restoring).toBeLessThanOrEqual(refillWorkers);
    expect(waiting).toBeLessThanOrEqual(queueLimit);
    // Nobody waits while there is a guest for them.
    expect(Math.min(waiting, ready)).toBe(0);
    // Each guest had one user, and none that waits has been used.
    const used = this.#served.map(({ lease }) => lease?.guest.name);
    const free = this.pool.ready.map(({ guest }) => guest.name);
    expect(new Set([...used, ...free]).size).toBe(used.length + free.length);
    // First come, first served.
    const order = this.#served.map((claimant) => this.#claimants.indexOf(claimant));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
}

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

function giveBack(claimant: Claimant | undefined): void {
  if (!claimant) return;
  claimant.isBack = true;
  void claimant.lease?.[Symbol.asyncDispose]();
}

test('whatever happens: no guest twice, no more than there may be, first come first served, nothing left', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(step, { maxLength: 60, size: 'max' }), async (given, steps) => {
      const walk = new Walk(given);
      for (const step of steps) await walk.take(step);
      await walk.end();
    }),
    { numRuns: 200 },
  );
});
