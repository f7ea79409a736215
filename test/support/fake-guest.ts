import type { QmpClient } from 'node-qemu-qmp';
import type { KeptRun, OutputListener } from '../../src/guest/agent-link.ts';
import type { EgressPolicy } from '../../src/network/policy.ts';
import type { NetworkReport } from '../../src/network/port.ts';
import type { ExitReport, RunRequest, StatsReply } from '../../src/protocol/messages.ts';
import type { ReadyGuest, RunnerGuest } from '../../src/runner/ready-guest.ts';
import { statsReply } from './agent-messages.ts';

/** A guest without a machine: the test says what its run does, when it is lost, and when its end is done. */
export class FakeGuest implements RunnerGuest {
  readonly name: string;
  readonly pid: number;
  readonly number = 1;
  readonly link: string;
  readonly lost: Promise<Error>;
  /** How often it was ended. */
  ends = 0;
  resumed = 0;
  paused = 0;
  /** How often it was asked how it is. */
  checks = 0;
  /** How often it was let go of. */
  releases = 0;
  /** Runs of an earlier server that were taken up. */
  readonly takenUp: KeptRun[] = [];
  readonly requests: RunRequest[] = [];
  /** What it was to reach, each time that it was given a way out. */
  readonly connected: EgressPolicy[] = [];
  /** Ids of the runs that it was asked to kill. */
  readonly killed: number[] = [];
  /** What its process has used of the host's CPU so far. */
  cpuMs = 0;
  /** What its next run does. */
  onRun: (request: RunRequest, onOutput: OutputListener) => Promise<ExitReport> = () => new Promise(() => {});
  onTakeUp: (run: KeptRun, onOutput: OutputListener) => Promise<ExitReport> = () => new Promise(() => {});
  onResume: () => Promise<void> = async () => {};
  onPause: () => Promise<void> = async () => {};
  onCheck: () => Promise<void> = async () => {};
  onConnect: () => Promise<void> = async () => {};
  onKill: (runId: number) => void = () => {};
  onStats: () => Promise<StatsReply> = async () => statsReply(0);
  onNetworkReport: () => Promise<NetworkReport | null> = async () => null;
  /** Settles when its end is done; at once unless the test sets another. */
  ending: Promise<void> = Promise.resolve();
  /** For tests that ask its monitor: a session with a fake QEMU, which guests may share. */
  monitor: QmpClient | undefined;
  readonly #lost = Promise.withResolvers<Error>();

  constructor(name: string, pid = 1) {
    this.name = name;
    this.pid = pid;
    this.link = `net-${name}`;
    this.lost = this.#lost.promise;
  }

  get ready(): ReadyGuest {
    const proof = {
      hostname: this.name,
      machineId: '0'.repeat(32),
      mac: '52:54:00:10:00:01',
      address: '172.16.0.1',
      clockOffsetMs: 0,
      generators: ['kernel'],
    };
    return { guest: this, template: 'template-of-the-test', proof, stats: statsReply(0) };
  }

  lose(reason = new Error('the process ended')): void {
    this.#lost.resolve(reason);
  }

  run(request: RunRequest, onOutput: OutputListener): Promise<ExitReport> {
    this.requests.push(request);
    return this.onRun(request, onOutput);
  }

  takeUp(run: KeptRun, onOutput: OutputListener): Promise<ExitReport> {
    this.takenUp.push(run);
    return this.onTakeUp(run, onOutput);
  }

  release(): void {
    this.releases += 1;
  }

  kill(runId: number): void {
    this.killed.push(runId);
    this.onKill(runId);
  }

  agentStats(): Promise<StatsReply> {
    return this.onStats();
  }

  connect(policy: EgressPolicy): Promise<void> {
    this.connected.push(policy);
    return this.onConnect();
  }

  networkReport(): Promise<NetworkReport | null> {
    return this.onNetworkReport();
  }

  get qmp(): QmpClient {
    if (!this.monitor) throw new Error('this fake guest has no monitor');
    return this.monitor;
  }

  resume(): Promise<void> {
    this.resumed += 1;
    return this.onResume();
  }

  pause(): Promise<void> {
    this.paused += 1;
    return this.onPause();
  }

  check(): Promise<void> {
    this.checks += 1;
    return this.onCheck();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.ends += 1;
    return this.ending;
  }
}
