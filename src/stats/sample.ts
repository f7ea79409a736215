/** A runner's figures, each from its own source: QEMU, the guest's agent, the host's kernel. */
import type { QmpClient } from 'node-qemu-qmp';
import { type BalloonStats, readBalloon, readMemorySize } from '../guest/stats.ts';
import { type ProcessUsage, readProcessUsage } from '../host/process.ts';
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
  /** Who counted. */
  readonly source: 'guest';
};

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
  /** How old the agent's figures are (kernel memory, uptime, processes, network). */
  readonly sampledSecondsAgo: number | null;
};

/** The most processes that a Linux kernel can have (PID_MAX_LIMIT). */
const MAX_PROCESSES = 4_194_304;

const balloons = new SingleFlight<QmpClient, BalloonStats | null>();
const memorySizes = new SingleFlight<QmpClient, number>();
const agents = new SingleFlight<QmpClient, StatsReply>();
const processes = new SingleFlight<QmpClient, ProcessUsage>();

/**
 * Asks every source at once. Never rejects, and ends by the deadline: a source that fails or is late gives null.
 * @param deadlineMs How long to wait, ms.
 */
export async function sampleRunner(runner: SampledRunner, deadlineMs: number): Promise<RunnerFigures> {
  const { qmp, pid } = runner;
  const [balloon, memoryBytes, agent, usage] = await Promise.all([
    balloons.ask(qmp, () => readBalloon(qmp), deadlineMs),
    memorySizes.ask(qmp, () => readMemorySize(qmp), deadlineMs),
    askAgent(runner, deadlineMs),
    processes.ask(qmp, () => readProcessUsage(pid), deadlineMs),
  ]);
  return {
    balloon,
    guestMemoryBytes: balloon && difference(balloon.totalBytes, balloon.availableBytes),
    ...agentFigures(agent, memoryBytes ?? 0),
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

const difference = (from: number | null, less: number | null): number | null =>
  from === null || less === null ? null : from - less;
