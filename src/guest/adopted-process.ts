/** A QEMU that an earlier server started: not a child of this one, so its end has to be looked for. */
import { isAlive, killNow, type ProcessIdentity } from '../lib/process-identity.ts';
import type { GuestProcess } from './guest.ts';

/** How often it is looked at, ms. That a guest is lost is seen at once, by its sockets. */
const LOOK_MS = 250;
/** The same once it was killed, ms. */
const KILLED_LOOK_MS = 5;

export class AdoptedProcess implements GuestProcess {
  readonly exited: Promise<Error>;
  readonly #identity: ProcessIdentity;
  readonly #exit = Promise.withResolvers<Error>();
  #timer: NodeJS.Timeout | undefined;
  #everyMs = LOOK_MS;
  #isOver = false;

  /** @param identity Of a live process. */
  constructor(identity: ProcessIdentity) {
    this.#identity = identity;
    this.exited = this.#exit.promise;
    this.#lookIn(this.#everyMs);
  }

  get pid(): number {
    return this.#identity.pid;
  }

  kill(): void {
    if (this.#isOver) return;
    void this.#kill();
  }

  async #kill(): Promise<void> {
    if (!(await isAlive(this.#identity))) return;
    killNow(this.pid);
    this.#everyMs = KILLED_LOOK_MS;
    this.#lookIn(0);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms).unref();
  }

  async #look(): Promise<void> {
    if (this.#isOver) return;
    if (await isAlive(this.#identity)) {
      this.#lookIn(this.#everyMs);
      return;
    }
    this.#isOver = true;
    this.#exit.resolve(new Error('QEMU has ended; how is not known, as an earlier server started it'));
  }
}
