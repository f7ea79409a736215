/** One guest that is kept after its run failed, with its CPU stopped and no way out. */
import { NETWORK_ID } from '../guest/command-line.ts';
import { within } from '../lib/deadline.ts';
import type { FailedRun } from '../runner/failed-run.ts';
import type { Lease } from '../runner/lease.ts';
import { Looks } from './look.ts';

export type KeptView = {
  readonly name: string;
  readonly owner: string;
  readonly template: string;
  readonly why: string;
  /** Milliseconds since 1970: when its run failed, and when it is ended. */
  readonly failedAt: number;
  readonly endsAt: number;
};

/** As much as QEMU keeps of a console, bytes. */
const CONSOLE_BYTES = 65_536;
/** How long QEMU may take to answer, ms. */
const QMP_DEADLINE_MS = 5_000;

export class KeptGuest {
  readonly looks: Looks;
  readonly view: KeptView;
  readonly #lease: Lease;
  /** QEMU forgets what was read once. */
  #console = '';

  /** @param ms How long it is kept. */
  constructor({ lease, ownerId, program, why }: FailedRun, ms: number) {
    const { guest, template } = lease;
    this.#lease = lease;
    this.looks = new Looks(guest, program);
    const failedAt = Date.now();
    this.view = { name: guest.name, owner: ownerId, template, why, failedAt, endsAt: failedAt + ms };
  }

  /** Settles when QEMU has ended or closed its monitor. Never rejects. */
  get gone(): Promise<unknown> {
    return this.#lease.guest.qmp.closed;
  }

  /** Stops its CPU and pulls its network's plug. @throws {Error} When QEMU is gone or does not answer. */
  async freeze(): Promise<void> {
    const { guest } = this.#lease;
    await guest.pause();
    await within(
      QMP_DEADLINE_MS,
      'the network to be cut off',
      guest.qmp.execute('set_link', { name: NETWORK_ID, up: false }),
    );
  }

  /** What its kernel and its agent have printed last, since it was restored. @throws {Error} When QEMU is gone or does not answer. */
  async console(): Promise<string> {
    const { qmp } = this.#lease.guest;
    const read = qmp.execute('ringbuf-read', { device: 'console', size: CONSOLE_BYTES, format: 'base64' });
    const fresh = await within(QMP_DEADLINE_MS, 'the console', read);
    this.#console = (this.#console + Buffer.from(fresh, 'base64').toString()).slice(-CONSOLE_BYTES);
    return this.#console;
  }

  /** Ends it. Never rejects. */
  end(): Promise<void> {
    return this.#lease[Symbol.asyncDispose]();
  }
}
