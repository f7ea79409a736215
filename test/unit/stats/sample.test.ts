import { afterEach, beforeEach, describe, expect, it } from 'bun:test';
import type { StatsReply } from '../../../src/protocol/messages.ts';
import { type SampledRunner, sampleRunner } from '../../../src/stats/sample.ts';
import { MEMORY_BYTES, ScriptedMonitor } from '../../support/scripted-monitor.ts';

const LONG_MS = 60_000;
const SHORT_MS = 20;
/** Time for those that answer, on a busy machine too. */
const ENOUGH_MS = 2_000;
const NO_PID = 4_194_305;

const statsReply = (more: Partial<StatsReply> = {}): StatsReply => ({
  type: 'stats',
  id: 1,
  uptimeMs: 12_500,
  processes: 40,
  kernelMemoryBytes: 8_000_000,
  network: { rxBytes: 1, txBytes: 2, rxPackets: 3, txPackets: 4 },
  ...more,
});

const agentFigures = {
  guestKernelMemoryBytes: 8_000_000,
  uptimeSeconds: 12.5,
  processes: 40,
  network: { rxBytes: 1, txBytes: 2, rxPackets: 3, txPackets: 4, source: 'guest' },
};

const noAgentFigures = {
  guestKernelMemoryBytes: null,
  uptimeSeconds: null,
  processes: null,
  network: null,
  sampledSecondsAgo: null,
};

describe('a runner’s figures', () => {
  let monitor: ScriptedMonitor;
  beforeEach(async () => {
    monitor = await ScriptedMonitor.start();
  });
  afterEach(() => monitor[Symbol.asyncDispose]());

  /** A running one in good health, whose process is this test's own. */
  const runner = (more: Partial<SampledRunner> = {}): SampledRunner => ({
    pid: process.pid,
    qmp: monitor.qmp,
    isRunning: true,
    agentStats: async () => statsReply(),
    networkReport: async () => null,
    readyStats: statsReply({ processes: 7, uptimeMs: 1_000 }),
    readyAt: Date.now() - 90_000,
    ...more,
  });

  it('come from QEMU, the agent and the host', async () => {
    const figures = await sampleRunner(runner(), LONG_MS);
    expect(figures).toMatchObject({
      ...agentFigures,
      balloon: { totalBytes: 200_000_000, availableBytes: 150_000_000 },
      guestMemoryBytes: 50_000_000,
      sampledSecondsAgo: 0,
    });
    expect(figures.hostPssBytes).toBeGreaterThan(1 << 20);
    expect(figures.hostCpuMs).toBeGreaterThan(0);
  });

  it('are, for a stopped guest, those that its agent gave before; it is not asked', async () => {
    let asked = 0;
    const agentStats = async () => {
      asked += 1;
      return statsReply();
    };
    const figures = await sampleRunner(runner({ isRunning: false, agentStats }), LONG_MS);
    expect(figures).toMatchObject({ processes: 7, uptimeSeconds: 1, guestMemoryBytes: 50_000_000 });
    expect(figures.sampledSecondsAgo).toBeGreaterThanOrEqual(90);
    expect(asked).toBe(0);
  });

  it('are null where the agent fails, whichever way it does', async () => {
    const ways: SampledRunner['agentStats'][] = [
      () => Promise.reject(new Error('the link broke')),
      () => {
        throw new Error('no link');
      },
    ];
    for (const agentStats of ways) {
      const figures = await sampleRunner(runner({ agentStats }), LONG_MS);
      expect(figures).toMatchObject({ ...noAgentFigures, guestMemoryBytes: 50_000_000 });
    }
  });

  it('are null where the agent is late, and the rest is there', async () => {
    const figures = await sampleRunner(runner({ agentStats: () => new Promise(() => {}) }), ENOUGH_MS);
    expect(figures).toMatchObject({ ...noAgentFigures, guestMemoryBytes: 50_000_000 });
  });

  it('are null where QEMU is late or gone, and the rest is there', async () => {
    monitor.hang();
    const late = await sampleRunner(runner(), ENOUGH_MS);
    monitor.exit();
    await monitor.qmp.closed;
    const gone = await sampleRunner(runner(), LONG_MS);
    for (const figures of [late, gone]) {
      expect(figures).toMatchObject({
        balloon: null,
        guestMemoryBytes: null,
        processes: 40,
        hostCpuMs: expect.any(Number),
      });
    }
  });

  it('are null where the process is gone, and the rest is there', async () => {
    const figures = await sampleRunner(runner({ pid: NO_PID }), LONG_MS);
    expect(figures).toMatchObject({ ...agentFigures, hostPssBytes: null, hostCpuMs: null });
  });

  it('leave out what no guest of this size can have', async () => {
    const agentStats = async () =>
      statsReply({ kernelMemoryBytes: MEMORY_BYTES + 1, processes: 5_000_000, network: null });
    const figures = await sampleRunner(runner({ agentStats }), LONG_MS);
    expect(figures).toMatchObject({
      guestKernelMemoryBytes: null,
      processes: null,
      network: null,
      uptimeSeconds: 12.5,
    });
  });

  it('have of the network what the host saw, where the guest has a way out; it may say what it likes', async () => {
    const log = {
      connections: [
        {
          protocol: 'tcp',
          destination: '203.0.113.7',
          port: 443,
          verdict: 'allowed',
          sentBytes: 600,
          receivedBytes: 900,
        },
      ],
      names: [{ name: 'example.com', type: 'A', count: 1, verdict: 'answered' }],
      isComplete: true,
    } as const;
    const counters = { rxBytes: 1_000, txBytes: 700, rxPackets: 9, txPackets: 8 };
    const networkReport = async () => ({ ...counters, ...log });
    for (const isRunning of [true, false]) {
      const figures = await sampleRunner(runner({ isRunning, networkReport }), LONG_MS);
      expect(figures.network).toEqual({ ...counters, source: 'host' });
      expect(figures.networkLog).toEqual(log);
    }
    const alone = await sampleRunner(runner(), LONG_MS);
    expect(alone).toMatchObject({ ...agentFigures, networkLog: null });
  });

  it('have of the network what the guest says, and who says it, where the host cannot tell now', async () => {
    const ways: SampledRunner['networkReport'][] = [
      () => Promise.reject(new Error('nft failed')),
      () => new Promise(() => {}),
    ];
    for (const networkReport of ways) {
      const figures = await sampleRunner(runner({ networkReport }), ENOUGH_MS);
      expect(figures).toMatchObject({ ...agentFigures, networkLog: null });
    }
  });

  it('leave out memory in use when either half of it is unknown', async () => {
    for (const name of ['stat-total-memory', 'stat-available-memory']) {
      monitor.report = {
        stats: { 'stat-total-memory': 9, 'stat-available-memory': 8, [name]: -1 },
        'last-update': 1,
      };
      expect(await sampleRunner(runner(), LONG_MS)).toMatchObject({ guestMemoryBytes: null });
    }
  });

  it('cost a guest that hangs one open question, and arrive again when it goes on', async () => {
    let asked = 0;
    const answers: ((reply: StatsReply) => void)[] = [];
    const hanging = runner({
      agentStats: () => {
        asked += 1;
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    monitor.hang();
    const samples = await Promise.all(Array.from({ length: 50 }, () => sampleRunner(hanging, SHORT_MS)));
    samples.push(await sampleRunner(hanging, SHORT_MS));
    for (const figures of samples) expect(figures).toMatchObject({ ...noAgentFigures, balloon: null });
    expect(asked).toBe(1);
    expect(monitor.count('qom-get')).toBe(1);

    const waiting = sampleRunner(hanging, LONG_MS);
    monitor.goOn();
    for (const answer of answers) answer(statsReply());
    expect(await waiting).toMatchObject({ ...agentFigures, guestMemoryBytes: 50_000_000 });

    // The question is closed: the next sample asks anew.
    const next = await sampleRunner(
      runner({ agentStats: async () => statsReply({ processes: 41 }) }),
      LONG_MS,
    );
    expect(next).toMatchObject({ processes: 41 });
    expect(monitor.count('qom-get')).toBe(2);
  });
});
