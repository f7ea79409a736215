/** The processes that wait for programs: one of each kind, replaced when it is taken. */
import type { Engine } from './engine.ts';
import type { ProgramFiles } from './program-files.ts';
import type { Remains } from './remains.ts';
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
  readonly #remains: Remains;
  /**
   * One more Bun. A warm-up runs in it as its main program, which ends it; starting another one afterwards
   * would take longer than all the rest. The template has it, and a clone uses it up.
   */
  #sacrifice: Spare | undefined;
  #wantsSacrifice = true;

  constructor(
    settings: Settings,
    engine: Engine,
    kinds: ReadonlySet<ZygoteKind>,
    { programs, remains }: { programs: ProgramFiles; remains: Remains },
  ) {
    this.#engine = engine;
    this.#kinds = kinds;
    this.#remains = remains;
    this.#zygotes = new Zygotes(settings, engine, kinds, programs);
  }

  /** Those that are there, by kind. */
  get spares(): ReadonlyMap<ZygoteKind, Spare> {
    return this.#spares;
  }

  /**
   * Takes the waiting process of a kind, or starts one, whose state then tells when it waits.
   * @throws {WorkspaceError | SystemCallError} When there is no room to start one.
   */
  take(kind: ZygoteKind): Spare {
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    if (spare && spare.state !== 'ended') return spare;
    if (spare) this.#remains.kill(spare);
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

  /**
   * Starts what is missing, without waiting for it.
   * @throws {WorkspaceError | SystemCallError} When there is no room.
   */
  fill(): void {
    for (const kind of this.#kinds) {
      const spare = this.#spares.get(kind);
      if (spare && spare.state !== 'ended') continue;
      this.#spares.delete(kind);
      if (spare) this.#remains.kill(spare);
      this.#spares.set(kind, this.#zygotes.start(kind));
    }
    if (this.#sacrifice?.state === 'ended') {
      const ended = this.#sacrifice;
      this.#sacrifice = undefined;
      this.#remains.kill(ended);
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
