/**
 * Where images are built and templates baked and tried, also while a server runs: by one process at a time, in guests
 * that no server ends.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostedGuests, type Hosting, openHosting } from '../guest/hosting.ts';
import { reapLeftovers } from '../guest/leftovers.ts';
import { groupName } from '../host/cgroups/cgroups.ts';
import { FileLock } from '../lib/file-lock.ts';
import { makePrivateFolder } from '../lib/files.ts';
import { Addresses } from '../network/addresses.ts';

/** Somebody else builds, bakes, verifies or prunes. */
export class WorkshopBusyError extends Error {
  override readonly name = 'WorkshopBusyError';
}

const guestsFolder = (home: string) => join(home, 'guests-bake');

/** Number of the first clone that is tried. No server has so many guests. */
const FIRST_NUMBER = 1_000_000;

export class Workshop implements AsyncDisposable {
  /** Where the guests' own folders go. */
  readonly guests: string;
  readonly #group: string;
  readonly #lock: FileLock;

  private constructor(guests: string, group: string, lock: FileLock) {
    this.guests = guests;
    this.#group = group;
    this.#lock = lock;
  }

  /**
   * Ends what a killed process left in it.
   * @param home The data folder.
   * @throws {WorkshopBusyError} At once, when another process has it.
   */
  static async open(home: string): Promise<Workshop> {
    await makePrivateFolder(home);
    await using stack = new AsyncDisposableStack();
    const lock = await FileLock.take(join(home, 'workshop.lock'), 0);
    if (!lock) {
      const what = 'an image is built, or a template baked, verified or pruned';
      throw new WorkshopBusyError(`another process is at work in ${home}: ${what}`);
    }
    stack.use(lock);
    const guests = guestsFolder(home);
    await makePrivateFolder(guests);
    await reapLeftovers(guests);
    stack.move();
    return new Workshop(guests, `${await groupName(home)}-bake`, lock);
  }

  /**
   * Ends what a killed process left, unless another is at work.
   * @param guests What they may have been.
   */
  static async tidy(home: string, guests: HostedGuests): Promise<void> {
    if (!existsSync(guestsFolder(home))) return;
    try {
      await using workshop = await Workshop.open(home);
      await using _ = await workshop.hosting(guests);
    } catch (error) {
      if (!(error instanceof WorkshopBusyError)) throw error;
    }
  }

  /** What holds clones that are tried. What a killed process left in their control group is ended. */
  async hosting(guests: HostedGuests): Promise<Hosting> {
    const hosting = await openHosting(guests, { name: this.#group, reserveBytes: 0 });
    // The user of a guest comes of its number: a clone on trial has none that a guest of the server's has.
    return { ...hosting, addresses: new Addresses(FIRST_NUMBER) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.guests, { recursive: true, force: true });
    await this.#lock[Symbol.asyncDispose]();
  }
}
