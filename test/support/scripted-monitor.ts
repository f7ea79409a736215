/** A QEMU's monitor that answers from a script, and a real QMP session with it. */
import { QmpClient } from 'node-qemu-qmp';
import { FakeQemu, type ReceivedCommand } from '../../src/node-qemu-qmp/test/support/fake-qemu.ts';

/** What QEMU reports for what a guest has not reported. */
export const NOT_REPORTED = 2 ** 64 - 1;

export const MEMORY_BYTES = 256 * 1024 * 1024;

/** The figures of a guest in good health, in QEMU's spelling. */
export const healthyFigures = {
  'stat-total-memory': 200_000_000,
  'stat-available-memory': 150_000_000,
  'stat-free-memory': 100_000_000,
  'stat-disk-caches': 60_000_000,
  'stat-major-faults': 10,
  'stat-minor-faults': 2_000,
  'stat-swap-in': 0,
  'stat-swap-out': 0,
  'stat-htlb-pgalloc': 0,
  'stat-htlb-pgfail': NOT_REPORTED,
};

export class ScriptedMonitor implements AsyncDisposable {
  readonly qmp: QmpClient;
  /** What `guest-stats` holds; changed by the test. */
  report: unknown = { stats: healthyFigures, 'last-update': Math.floor(Date.now() / 1000) };
  /** What the guest's console has, Base64. */
  console = '';
  /** Every command, in the order of arrival. */
  readonly commands: ReceivedCommand[] = [];
  readonly #peer: FakeQemu;
  readonly #held: ReceivedCommand[] = [];
  #isHanging = false;

  private constructor(peer: FakeQemu, qmp: QmpClient) {
    this.#peer = peer;
    this.qmp = qmp;
    void this.#serve();
  }

  static async start(): Promise<ScriptedMonitor> {
    const peer = await FakeQemu.start();
    return new ScriptedMonitor(peer, await QmpClient.connect({ path: peer.path }));
  }

  /** How often a command came. */
  count(name: string): number {
    return this.commands.filter(({ execute }) => execute === name).length;
  }

  /** Answers nothing from now on. */
  hang(): void {
    this.#isHanging = true;
  }

  /** Answers what came meanwhile, and whatever comes. */
  goOn(): void {
    this.#isHanging = false;
    for (const command of this.#held.splice(0)) this.#answer(command);
  }

  /** Ends the session, as a QEMU that exits. */
  exit(): void {
    this.#peer.hangUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.qmp[Symbol.asyncDispose]();
    await this.#peer[Symbol.asyncDispose]();
  }

  async #serve(): Promise<never> {
    for (;;) {
      const command = await this.#peer.command();
      this.commands.push(command);
      if (this.#isHanging) this.#held.push(command);
      else this.#answer(command);
    }
  }

  #answer({ execute = '', id }: ReceivedCommand): void {
    const answers: Readonly<Record<string, unknown>> = {
      'qom-get': this.report,
      'qom-set': {},
      set_link: {},
      'ringbuf-read': this.console,
      'query-memory-size-summary': { 'base-memory': MEMORY_BYTES, 'plugged-memory': 0 },
    };
    const error = { class: 'CommandNotFound', desc: `no ${execute}` };
    this.#peer.send(execute in answers ? { return: answers[execute], id } : { error, id });
  }
}
