/**
 * What is left of runs: processes that are about to die, or that live on. Each tree is watched until none of its
 * processes is left; then its slot goes.
 */
import { Drain } from './drain.ts';
import { type Loop, POLLPRI, type Watch } from './loop.ts';
import type { Spare } from './spare.ts';

type Remnant = { readonly spare: Spare; readonly watch: Watch; readonly onGone: () => void };

export class Remains {
  readonly #loop: Loop;
  readonly #drain: Drain;
  readonly #dying = new Set<Remnant>();
  readonly #living = new Set<Remnant>();

  constructor(loop: Loop) {
    this.#loop = loop;
    this.#drain = new Drain(loop);
  }

  /** Trees that live on. */
  get living(): number {
    return this.#living.size;
  }

  /** Kills what is left of a process tree. @param onGone Called when its last process has ended. */
  kill(spare: Spare, onGone: () => void = () => {}): void {
    spare.slot.cgroup.kill();
    this.#watch(this.#dying, spare, onGone);
  }

  /**
   * Lets what is left of a process tree live on. What it writes is read, so that it never waits for long, and
   * dropped.
   * @param onGone Called when its last process has ended.
   */
  keep(spare: Spare, onGone: () => void): void {
    const { slot } = spare;
    spare.endConversation();
    this.#drain.add(slot.stdout.reader.fd);
    this.#drain.add(slot.stderr.reader.fd);
    this.#watch(this.#living, spare, onGone);
  }

  /** Removes the slots of those that have died by now. @returns Whether nobody is dying any more. */
  sweep(): boolean {
    for (const remnant of this.#dying) this.#look(this.#dying, remnant);
    return this.#dying.size === 0;
  }

  #watch(group: Set<Remnant>, spare: Spare, onGone: () => void): void {
    const fd = spare.slot.cgroup.events.fd;
    const watch: Watch = { fd, events: POLLPRI, onReady: () => this.#look(group, remnant) };
    const remnant: Remnant = { spare, watch, onGone };
    group.add(remnant);
    this.#loop.watch(watch);
    this.#look(group, remnant);
  }

  #look(group: Set<Remnant>, remnant: Remnant): void {
    const { spare, watch, onGone } = remnant;
    if (!group.has(remnant) || spare.slot.cgroup.isPopulated()) return;
    group.delete(remnant);
    this.#loop.unwatch(watch);
    this.#drain.remove(spare.slot.stdout.reader.fd);
    this.#drain.remove(spare.slot.stderr.reader.fd);
    spare[Symbol.dispose]();
    onGone();
  }
}
