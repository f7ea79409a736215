/** Reads pipes whose content nobody wants, so that those who write to them never wait for long. */
import { readSome } from './libc.ts';
import { type Loop, now, POLLIN, type Timer, type Watch } from './loop.ts';

/** How long a pipe is left alone once it was read: who writes without end gets little of the processor. */
const PAUSE_MS = 20;
const READS = 8;
const buffer = new Uint8Array(64 * 1024);

export class Drain {
  readonly #loop: Loop;
  readonly #watches = new Map<number, Watch>();
  readonly #timer: Timer = { at: undefined, onTime: () => this.#resume() };

  constructor(loop: Loop) {
    this.#loop = loop;
    loop.addTimer(this.#timer);
  }

  /** @param fd A pipe's end that does not block. */
  add(fd: number): void {
    const watch: Watch = { fd, events: POLLIN, onReady: () => this.#read(watch) };
    this.#watches.set(fd, watch);
    this.#loop.watch(watch);
  }

  /** To be called before the descriptor is closed. */
  remove(fd: number): void {
    const watch = this.#watches.get(fd);
    if (!watch) return;
    this.#watches.delete(fd);
    this.#loop.unwatch(watch);
  }

  #read(watch: Watch): void {
    for (let reads = 0; reads < READS; reads++) {
      const count = readSome(watch.fd, buffer);
      if (count === undefined || count < buffer.length) break;
    }
    watch.events = undefined;
    this.#timer.at ??= now() + PAUSE_MS;
  }

  #resume(): void {
    for (const watch of this.#watches.values()) watch.events = POLLIN;
  }
}
