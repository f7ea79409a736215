/** One virtual machine: its process, its QMP session and its agent, held together. */
import { rm } from 'node:fs/promises';
import { type QmpClient, QmpProtocolError } from 'node-qemu-qmp';
import type { GuestCgroup } from '../host/cgroups/cgroups.ts';
import { within } from '../lib/deadline.ts';
import type { AddressLease } from '../network/addresses.ts';
import type { EgressPolicy } from '../network/policy.ts';
import type { NetworkPort, NetworkReport } from '../network/port.ts';
import type {
  ExitReport,
  NetworkIdentity,
  PreparedReply,
  PrepareRequest,
  RunRequest,
  StatsReply,
} from '../protocol/messages.ts';
import type { AgentLink, KeptRun, OutputListener } from './agent-link.ts';
import { attachTap } from './tap.ts';

/** Its QEMU. */
export type GuestProcess = {
  readonly pid: number;
  /** Settles when it has ended. Never rejects. */
  readonly exited: Promise<Error>;
  /** Ends it at once. Does nothing after its end. */
  kill(): void;
};

export type GuestParts = {
  readonly name: string;
  /** Given back when the guest has ended. */
  readonly network: AddressLease;
  readonly folder: string;
  readonly process: GuestProcess;
  readonly qmp: QmpClient;
  readonly agent: AgentLink;
  /** Its way out, if there is one, and the number of the port's descriptor in QEMU; null: it is connected already. */
  readonly port: { readonly host: NetworkPort; readonly qemuFd: number | null } | undefined;
  /** What it may use of the host. */
  readonly cgroup: GuestCgroup | undefined;
  /** Settles when its process is in its group; without, it is. */
  readonly grouped?: Promise<void> | undefined;
};

/** How long an answer over QMP may take, ms. QEMU answers in well under one; a stopped process never does. */
const QMP_DEADLINE_MS = 5_000;

export class Guest implements AsyncDisposable {
  readonly name: string;
  /**
   * Settles with the reason when the guest can no longer be used: its process ended, or a link to it did.
   * Never rejects.
   */
  readonly lost: Promise<Error>;
  readonly #parts: GuestParts;
  #isLost = false;
  #disposed: Promise<void> | undefined;

  constructor(parts: GuestParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.lost = Promise.race([parts.process.exited, parts.agent.closed, brokenMonitor(parts.qmp)]);
    void this.lost.then(() => {
      this.#isLost = true;
    });
  }

  get pid(): number {
    return this.#parts.process.pid;
  }

  /** Of the guest on this host; no two live guests have the same. */
  get number(): number {
    return this.#parts.network.number;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get qmp(): QmpClient {
    return this.#parts.qmp;
  }

  /** What its network device is called on this host. */
  get link(): string {
    return `net-${this.name}`;
  }

  /** What its network device is to become, and is once the guest is prepared. */
  get network(): NetworkIdentity {
    const { mac, address, prefixLength } = this.#parts.network;
    return { mac, address, prefixLength };
  }

  /** Lets the guest's CPU run. The command is written before this returns. */
  async resume(): Promise<void> {
    await within(QMP_DEADLINE_MS, 'the guest to resume', this.#parts.qmp.execute('cont'));
  }

  /** Stops the guest's CPU; a stopped guest costs no CPU time on the host. */
  async pause(): Promise<void> {
    await within(QMP_DEADLINE_MS, 'the guest to stop', this.#parts.qmp.execute('stop'));
  }

  /**
   * Asks QEMU about the guest, which is stopped.
   * @throws {DeadlineError} When there is no answer.
   * @throws {Error} When QEMU is gone, or has the guest in another state.
   */
  async check(): Promise<void> {
    const { status } = await within(
      QMP_DEADLINE_MS,
      'QEMU to say how the guest is',
      this.#parts.qmp.execute('query-status'),
    );
    if (status !== 'paused') throw new Error(`the guest should be paused, and is ${status}`);
  }

  hello = (options: { ask: boolean }) => this.#parts.agent.hello(options);

  prepare(request: PrepareRequest): Promise<PreparedReply> {
    return this.#parts.agent.prepare(request);
  }

  /**
   * Gives the guest a way out of its network. To be called once, before its first run.
   * @throws {EgressError} When the host cannot make it.
   * @throws {QmpCommandError | QmpDisconnectedError | DeadlineError} When QEMU does not take it.
   * @throws {Error} When the guest was started without a port.
   */
  async connect(policy: EgressPolicy): Promise<void> {
    const { port, network, qmp, agent } = this.#parts;
    if (!port) throw new Error('this guest was started without a way out');
    if (port.qemuFd === null) throw new Error('this guest has its way out already');
    const { number, address, mac } = network;
    const exit = await port.host.connect({ number, address, mac }, policy);
    await within(QMP_DEADLINE_MS, 'the tap to be attached', attachTap(qmp, port.qemuFd));
    agent.connect(exit);
  }

  /** What the host saw of its network; null without a way out. */
  async networkReport(): Promise<NetworkReport | null> {
    return (await this.#parts.port?.host.report()) ?? null;
  }

  /** Starts a run; see {@link AgentLink.run}. The guest's CPU must be running, or be resumed in the same tick. */
  run(request: RunRequest, onOutput: OutputListener): Promise<ExitReport> {
    return this.#parts.agent.run(request, onOutput);
  }

  /** Takes up a run that an earlier server began; see {@link AgentLink.resumeRun}. */
  takeUp(run: KeptRun, onOutput: OutputListener): Promise<ExitReport> {
    return this.#parts.agent.resumeRun(run, onOutput);
  }

  /** Kills a run; see {@link AgentLink.kill}. */
  kill(runId: number): void {
    this.#parts.agent.kill(runId);
  }

  /** How the guest is, as its agent says; see {@link AgentLink.stats}. A guest that is stopped does not answer. */
  agentStats(): Promise<StatsReply> {
    return this.#parts.agent.stats();
  }

  /**
   * From now on it works for somebody: its share of the CPU is that of a run, no longer that of a refill.
   * @throws {Error} A system error, when the kernel refuses it its control group.
   */
  async promote(): Promise<void> {
    await this.#parts.grouped;
    await this.#parts.cgroup?.prioritize('claimed');
  }

  /** Lets go of the guest, which lives on for a later server. Nothing can be done with it from then on. */
  release(): void {
    this.#disposed = Promise.resolve();
    this.#parts.agent[Symbol.dispose]();
    void this.#parts.qmp[Symbol.asyncDispose]();
  }

  /** Ends the guest and removes what it had on the host. Later calls wait for the first. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    const { process, agent, qmp, cgroup, grouped, port, network, folder } = this.#parts;
    // The last first; what fails keeps nothing else from being removed.
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    stack.use(network);
    stack.use(port?.host);
    stack.use(cgroup);
    stack.defer(async () => {
      await grouped?.catch(() => {});
    });
    stack.defer(async () => {
      await process.exited;
    });
    stack.use(qmp);
    stack.use(agent);
    stack.defer(() => process.kill());
  }
}

/** Settles when the monitor's protocol is broken. That QEMU is gone is better told by its process. */
function brokenMonitor(qmp: QmpClient): Promise<Error> {
  const { promise, resolve } = Promise.withResolvers<Error>();
  void qmp.closed.then((reason) => {
    if (reason instanceof QmpProtocolError) resolve(reason);
  });
  return promise;
}
