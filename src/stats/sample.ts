/** A runner's figures, each from its own source: QEMU, the guest's agent, the host's kernel, its way out. */
import type { QmpClient } from 'node-qemu-qmp';
import { type BalloonStats, readBalloon, readMemorySize } from '../guest/stats.ts';
import { type ProcessUsage, readProcessUsage } from '../host/process.ts';
import type { NetworkReport } from '../network/port.ts';
import type { StatsReply } from '../protocol/messages.ts';
import { SingleFlight } from './single-flight.ts';

/** What is asked for its figures. */
export type SampledRunner = {
  /** Of its QEMU process. */
  readonly pid: number;
  readonly qmp: QmpClient;
  /** Whether the guest's CPU runs: a stopped guest's agent answers nothing. */
  readonly isRunning: boolean;
  readonly agentStats: () => Promise<StatsReply>;
  /** What the host saw of its network; null when there is nothing to see. */
  readonly networkReport: () => Promise<NetworkReport | null>;
  /** What the agent said last before the guest was stopped as ready. */
  readonly readyStats: StatsReply;
  /** When it said so, ms since 1970. */
  readonly readyAt: number;
};

export type NetworkFigures = {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxPackets: number;
  readonly txPackets: number;
  /** Who counted: the host at the guest's way out, or without one the guest itself. */
  readonly source: 'host' | 'guest';
};

/** What the host saw of a guest that has a way out. */
export type NetworkLog = Pick<NetworkReport, 'connections' | 'names' | 'isComplete'>;

/** A figure that is not known is null. */
export type RunnerFigures = {
  readonly balloon: BalloonStats | null;
  /** The balloon's total less what is available. */
  readonly guestMemoryBytes: number | null;
  readonly guestKernelMemoryBytes: number | null;
  /** The QEMU process's memory: its own, and its share of what guests share. */
  readonly hostPssBytes: number | null;
  /** The QEMU process's CPU time since its start. */
  readonly hostCpuMs: number | null;
  readonly uptimeSeconds: number | null;
  readonly processes: number | null;
  readonly network: NetworkFigures | null;
  readonly networkLog: NetworkLog | null;
  /** How old the agent's figures are (kernel memory, uptime, processes, and the network's if it counted). */
  readonly sampledSecondsAgo: number | null;
};

/** The most processes that a Linux kernel can have (PID_MAX_LIMIT). */
const MAX_PROCESSES = 4_194_304;

const balloons = new SingleFlight<QmpClient, BalloonStats | null>();
const memorySizes = new SingleFlight<QmpClient, number>();
const agents = new SingleFlight<QmpClient, StatsReply>();
const processes = new SingleFlight<QmpClient, ProcessUsage>();
const networks = new SingleFlight<QmpClient, NetworkReport | null>();

/**
 * Asks every source at once. Never rejects, and ends by the deadline: a source that fails or is late gives null.
 * @param deadlineMs How long to wait, ms.
 */
export async function sampleRunner(runner: SampledRunner, deadlineMs: number): Promise<RunnerFigures> {
  const { qmp, pid } = runner;
  const [balloon, memoryBytes, agent, usage, report] = await Promise.all([
    balloons.ask(qmp, () => readBalloon(qmp), deadlineMs),
    memorySizes.ask(qmp, () => readMemorySize(qmp), deadlineMs),
    askAgent(runner, deadlineMs),
    processes.ask(qmp, () => readProcessUsage(pid), deadlineMs),
    networks.ask(qmp, () => runner.networkReport(), deadlineMs),
  ]);
  return {
    balloon,
    guestMemoryBytes: balloon && difference(balloon.totalBytes, balloon.availableBytes),
    ...agentFigures(agent, memoryBytes ?? 0),
    ...(report ? hostFigures(report) : { networkLog: null }),
    hostPssBytes: usage?.pssBytes ?? null,
    hostCpuMs: usage?.cpuMs ?? null,
  };
}

type AgentSample = { readonly reply: StatsReply; readonly ageSeconds: number };

async function askAgent(runner: SampledRunner, deadlineMs: number): Promise<AgentSample | null> {
  if (!runner.isRunning) {
    return { reply: runner.readyStats, ageSeconds: Math.max(0, (Date.now() - runner.readyAt) / 1000) };
  }
  const reply = await agents.ask(runner.qmp, () => runner.agentStats(), deadlineMs);
  return reply && { reply, ageSeconds: 0 };
}

/** The guest chose these numbers: what no guest of this size can have is left out. */
function agentFigures(sample: AgentSample | null, memoryBytes: number) {
  if (sample === null) {
    return {
      guestKernelMemoryBytes: null,
      uptimeSeconds: null,
      processes: null,
      network: null,
      sampledSecondsAgo: null,
    };
  }
  const { reply, ageSeconds } = sample;
  return {
    guestKernelMemoryBytes: reply.kernelMemoryBytes <= memoryBytes ? reply.kernelMemoryBytes : null,
    uptimeSeconds: reply.uptimeMs / 1000,
    processes: reply.processes <= MAX_PROCESSES ? reply.processes : null,
    network: reply.network && { ...reply.network, source: 'guest' as const },
    sampledSecondsAgo: ageSeconds,
  };
}

/** In place of what the guest says of its network. */
function hostFigures({ connections, names, isComplete, ...counters }: NetworkReport) {
  return {
    network: { ...counters, source: 'host' as const },
    networkLog: { connections, names, isComplete },
  };
}

const difference = (from: number | null, less: number | null): number | null =>
  from === null || less === null ? null : from - less;
