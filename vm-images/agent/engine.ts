/** What drives the agent: the event loop and the reaper, turned together. */
import { Loop, now, type Timer } from './loop.ts';
import { Reaper } from './reaper.ts';

/**
 * Longer than anything the agent waits for takes, also where the processor is emulated and shared by many: starting all
 * interpreters of a bake took more than two minutes with an eighth of a processor. The host has deadlines of its own.
 */
const PATIENCE_MS = 600_000;
/** How often a condition may be looked at for which there is no event. */
export const LOOK_MS = 5;

export class Engine {
  readonly loop = new Loop();
  readonly reaper = new Reaper(this.loop);
  readonly #look: Timer = { at: undefined, onTime: () => {} };

  constructor() {
    this.loop.addTimer(this.#look);
  }

  /** Waits for something to happen and handles it. */
  turn(): void {
    this.loop.turn();
    this.reaper.reap();
  }

  /**
   * Turns until `done` is true, which it becomes with an event of the loop or of the reaper.
   * @param what Names it in the error.
   * @param lookMs How often to look besides, where it may become true without: each look interrupts what it waits for.
   * @throws When it does not become true within ten minutes.
   */
  waitUntil(what: string, done: () => boolean, lookMs = PATIENCE_MS): void {
    const end = now() + PATIENCE_MS;
    while (!done()) {
      if (now() > end) throw new Error(`waited in vain: ${what}`);
      this.#look.at = now() + lookMs;
      this.turn();
    }
    this.#look.at = undefined;
  }
}
