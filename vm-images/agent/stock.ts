/** The processes that wait for programs: one of each kind, replaced when it is taken. */
import type { Engine } from './engine.ts';
import type { Settings } from './settings.ts';
import type { Spare, ZygoteKind } from './spare.ts';
import { Zygotes } from './zygotes.ts';

/** How often a waiting process is started anew that ends instead of waiting. */
const ATTEMPTS = 3;

export class Stock {
  readonly #engine: Engine;
  readonly #kinds: ReadonlySet<ZygoteKind>;
  readonly #zygotes: Zygotes;
  readonly #spares = new Map<ZygoteKind, Spare>();
  /** Their programs have ended, but processes of theirs may still be about to die. */
  readonly #retired = new Set<Spare>();
  /**
   * One more Bun. A warm-up runs in it as its main program, which ends it; starting another one afterwards
   * would take longer than all the rest. The template has it, and a clone uses it up.
   */
  #sacrifice: Spare | undefined;
  #wantsSacrifice = true;

  constructor(settings: Settings, engine: Engine, kinds: ReadonlySet<ZygoteKind>) {
    this.#engine = engine;
    this.#kinds = kinds;
    this.#zygotes = new Zygotes(settings, engine, kinds);
  }

  /** Those that are there, by kind. */
  get spares(): ReadonlyMap<ZygoteKind, Spare> {
    return this.#spares;
  }

  /** Takes the waiting process of a kind, or starts one, whose state then tells when it waits. */
  take(kind: ZygoteKind): Spare {
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    if (spare && spare.state !== 'ended') return spare;
    if (spare) this.retire(spare);
    return this.#zygotes.start(kind);
  }

  /** Takes a Bun that need not be replaced, if there is one. */
  takeSacrifice(): Spare | undefined {
    const spare = this.#sacrifice;
    if (spare?.state !== 'waiting') return undefined;
    this.#sacrifice = undefined;
    return spare;
  }

  /** This machine is a clone: it is not used as a template any more. */
  becomeClone(): void {
    this.#wantsSacrifice = false;
  }

  /** Takes back a process that waits again. */
  giveBack(spare: Spare): void {
    this.#spares.set(spare.kind, spare);
  }

  /** Kills what is left of a process tree; {@link disposeRetired} removes its slot. */
  retire(spare: Spare): void {
    spare.slot.cgroup.kill();
    this.#retired.add(spare);
  }

  /** Removes the slots that no process is left in. @returns Whether none remains. */
  disposeRetired(): boolean {
    for (const spare of this.#retired) {
      if (spare.slot.cgroup.isPopulated()) continue;
      spare[Symbol.dispose]();
      this.#retired.delete(spare);
    }
    return this.#retired.size === 0;
  }

  /** Starts what is missing, without waiting for it. */
  fill(): void {
    for (const kind of this.#kinds) {
      const spare = this.#spares.get(kind);
      if (spare && spare.state !== 'ended') continue;
      if (spare) this.retire(spare);
      this.#spares.set(kind, this.#zygotes.start(kind));
    }
    if (this.#sacrifice?.state === 'ended') {
      this.retire(this.#sacrifice);
      this.#sacrifice = undefined;
    }
    if (this.#wantsSacrifice) this.#sacrifice ??= this.#zygotes.start('bun');
  }

  /** Waits until none of them is starting any more. */
  settle(): void {
    for (const spare of this.#all())
      this.#engine.waitUntil(`start of ${spare.kind}`, () => spare.state !== 'starting');
  }

  /** Fills up and waits until all of them wait. @throws When one keeps ending; the message holds what it wrote. */
  fillAndSettle(): void {
    let ended: Spare | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.fill();
      this.settle();
      // A program's last processes may have killed it: they are the same user's.
      ended = this.#all().find(({ state }) => state === 'ended');
      if (!ended) return;
    }
    throw new Error(`the ${ended?.kind} zygote ended: ${ended?.complaint()}`);
  }

  #all(): readonly Spare[] {
    return [...this.#spares.values(), ...(this.#sacrifice ? [this.#sacrifice] : [])];
  }
}
