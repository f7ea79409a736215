import { expect, jest, test } from 'bun:test';
import fc from 'fast-check';
import { CodeLandError } from '../../../src/runner/errors.ts';
import { FakeRunners, type HeldRun, holdRuns, PROGRAM, terms } from '../../support/fake-runners.ts';
import { pass, settle, useFakeTime } from '../../support/time.ts';

useFakeTime();

const OWNERS = [
  { id: 'anna', maxRunners: 2 },
  { id: 'bert', maxRunners: null },
] as const;
const RUNS_PER_RUNNER = 2;

const at = fc.nat(20);
const owner = fc.constantFrom(...OWNERS);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('once' as const, 'create' as const),
      owner,
      wait: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('run' as const, 'delete' as const), owner, at }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom('report' as const, 'break' as const, 'leave' as const, 'lose' as const),
      at,
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('restore' as const, 'work' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('pass' as const), ms: fc.nat(40_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A request that is not answered yet. */
type Call = { readonly leave: AbortController };

/** Runners whose every run waits for the test, and all that is asked of them. */
class Walk {
  readonly #fake: FakeRunners;
  readonly #held: (readonly HeldRun[])[] = [];
  readonly #calls = new Set<Call>();
  readonly #unexpected: unknown[] = [];

  constructor(fake: FakeRunners) {
    this.#fake = fake;
    fake.template.onGuest = (guest) => {
      const held = holdRuns(guest);
      this.#held.push(held);
      guest.onKill = (id) => held.find(({ request }) => request.id === id)?.report();
    };
    fake.template.memory = 1_000;
  }

  async take(step: Step): Promise<void> {
    const { runners, template } = this.#fake;
    switch (step.act) {
      case 'once':
      case 'create': {
        const lifetime = { idleSeconds: 60, maxAgeSeconds: 100 };
        const waitSeconds = step.wait ? 50 : 0;
        this.#call((signal) => {
          const given = terms({ owner: step.owner, signal, waitSeconds, seconds: 80 });
          return step.act === 'once'
            ? runners.runOnce(PROGRAM, given)
            : runners.create(step.wait ? PROGRAM : undefined, lifetime, given);
        });
        break;
      }
      case 'run':
        this.#call((signal) =>
          runners.run(this.#name(step.at), PROGRAM, terms({ owner: step.owner, signal })),
        );
        break;
      case 'delete':
        this.#call(() => runners.delete(this.#name(step.at), step.owner.id));
        break;
      case 'report':
        pick(this.#held.flat(), step.at)?.report();
        break;
      case 'break':
        pick(this.#held.flat(), step.at)?.fail(new Error('broken'));
        break;
      case 'leave':
        pick([...this.#calls], step.at)?.leave.abort(new Error('gone'));
        break;
      case 'lose':
        pick(template.guests, step.at)?.lose();
        break;
      case 'restore':
        if (template.waiting > 0) await template.finish();
        break;
      case 'work':
        // Only guests that somebody has can use the CPU.
        for (const { name, inUse } of runners.list()) {
          for (const guest of template.guests) if (inUse && guest.name === name) guest.cpuMs += 10;
        }
        break;
      case 'pass':
        await pass(step.ms);
        break;
    }
    await settle();
    this.#check();
  }

  async end(): Promise<void> {
    const ended = this.#fake[Symbol.asyncDispose]();
    // What the test still holds never reports: the grace is over some time.
    for (let wait = 0; wait < 3; wait += 1) await pass(60_000);
    await ended;
    await settle();
    expect(this.#calls.size).toBe(0);
    expect(this.#fake.runners.list()).toEqual([]);
    const { guests } = this.#fake.template;
    expect(guests.map(({ ends }) => ends)).toEqual(guests.map(() => 1));
    // All that was used is charged, and nothing twice.
    const charged = this.#fake.charged.reduce((sum, [, ms]) => sum + ms, 0);
    expect(charged).toBe(guests.reduce((sum, { cpuMs }) => sum + cpuMs, 0));
    expect(jest.getTimerCount()).toBe(0);
  }

  #call(act: (signal: AbortSignal) => Promise<unknown>): void {
    const call = { leave: new AbortController() };
    this.#calls.add(call);
    act(call.leave.signal).then(
      () => this.#calls.delete(call),
      (error: unknown) => {
        this.#calls.delete(call);
        const isKnown = error instanceof CodeLandError || error === call.leave.signal.reason;
        if (!isKnown) this.#unexpected.push(error);
      },
    );
  }

  #name(at: number): string {
    return pick(this.#fake.template.guests, at)?.name ?? 'runner-0';
  }

  #check(): void {
    expect(this.#unexpected).toEqual([]);
    const { pool, runners } = this.#fake;
    const views = runners.list();
    expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
    for (const { id, maxRunners } of OWNERS) {
      const own = views.filter((view) => view.owner === id);
      if (maxRunners !== null) expect(own.length).toBeLessThanOrEqual(maxRunners);
    }
    for (const { kind, runsUnderWay, idleLeftMs, ageLeftMs } of views) {
      expect(runsUnderWay).toBeLessThanOrEqual(kind === 'persistent' ? RUNS_PER_RUNNER : 1);
      if (kind !== 'persistent') expect([idleLeftMs, ageLeftMs]).toEqual([null, null]);
      else expect(idleLeftMs === null).toBe(runsUnderWay > 0);
    }
    expect(views.filter(({ inUse }) => inUse)).toHaveLength(pool.counts.leased);
    expect(views.filter(({ inUse }) => !inUse)).toHaveLength(pool.counts.ready);
  }
}

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(1, all.length)];

test('whatever happens: every request is answered, every guest ends once, every millisecond is charged once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const options = { target: 2, maxGuests: 5, refillWorkers: 2, runsPerRunner: RUNS_PER_RUNNER };
      const walk = new Walk(await FakeRunners.start(0, options));
      for (const step of steps) await walk.take(step);
      await walk.end();
    }),
    { numRuns: 200 },
  );
});
