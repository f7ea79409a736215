/** Figures of real guests: that they arrive after a restore, move with what the guest does, and never hold anybody up. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import type { Guest } from '../../src/guest/guest.ts';
import { type BalloonStats, readBalloon, watchBalloon } from '../../src/guest/stats.ts';
import { readProcessUsage } from '../../src/host/process.ts';
import type { StatsReply } from '../../src/protocol/messages.ts';
import { sampleRunner } from '../../src/stats/sample.ts';
import { Clones, run } from '../support/clones.ts';
import { until } from '../support/until.ts';

const HELD_BYTES = 50_000_000;
const LONG_MS = 60_000;
/** Time for what the host knows, on a busy machine too. */
const SHORT_MS = 2_000;
/** Longer than any test: QEMU asks once, when the watch begins. */
const ONCE_SECONDS = 3_600;

let clones: Clones;
beforeAll(async () => {
  clones = await Clones.open();
}, 1_200_000);
afterAll(() => clones[Symbol.asyncDispose]());

/** A clone whose CPU runs, restored and nothing else. */
async function running(): Promise<Guest> {
  const guest = await clones.restored();
  const hello = guest.hello({ ask: true });
  await guest.resume();
  await hello;
  return guest;
}

/** The first report that satisfies. */
async function reported(
  guest: Guest,
  what: string,
  satisfies: (stats: BalloonStats) => boolean = () => true,
): Promise<BalloonStats> {
  let stats: BalloonStats | null = null;
  await until(what, async () => {
    stats = await readBalloon(guest.qmp);
    return stats !== null && satisfies(stats);
  });
  if (stats === null) throw new Error('there is a report');
  return stats;
}

const available = ({ availableBytes }: BalloonStats): number => availableBytes ?? Number.NaN;

const readyStats: StatsReply = {
  type: 'stats',
  id: 0,
  uptimeMs: 1_000,
  processes: 3,
  kernelMemoryBytes: 4_096,
  network: null,
};

const sampled = (guest: Guest, isRunning: boolean) => ({
  pid: guest.pid,
  qmp: guest.qmp,
  isRunning,
  agentStats: () => guest.agentStats(),
  networkReport: () => guest.networkReport(),
  readyStats,
  readyAt: Date.now(),
});

describe('a restored guest', () => {
  it('reports its own memory once it is watched, and never the template’s', async () => {
    await using guest = await running();
    const left: unknown = await guest.qmp.execute('qom-get', {
      path: '/machine/peripheral/balloon',
      property: 'guest-stats',
    });
    await watchBalloon(guest.qmp, ONCE_SECONDS);
    const { totalBytes, minorFaults, availableBytes } = await reported(guest, 'a report');
    const { memoryMiB } = clones.template.restorePoint.machine;
    expect(totalBytes).toBeGreaterThan(memoryMiB * 0.8 * 2 ** 20);
    expect(totalBytes).toBeLessThanOrEqual(memoryMiB * 2 ** 20);
    expect(availableBytes).toBeGreaterThan(0);
    expect(availableBytes).toBeLessThan(totalBytes ?? 0);
    expect(left).not.toMatchObject({ stats: { 'stat-minor-faults': minorFaults } });
  });

  it('reports nothing while it is stopped, and again when it runs', async () => {
    await using guest = await running();
    await watchBalloon(guest.qmp, 1);
    await reported(guest, 'a report');
    await guest.pause();
    const old = await reported(guest, 'the report to grow old', ({ ageSeconds }) => ageSeconds >= 3);
    await guest.resume();
    const fresh = await reported(guest, 'a fresh report', ({ ageSeconds }) => ageSeconds <= 1);
    expect(fresh.minorFaults).toBeGreaterThanOrEqual(old.minorFaults ?? Number.NaN);
  });

  it('reports the 50 MB that a program holds, and that it has let them go', async () => {
    await using guest = await running();
    await watchBalloon(guest.qmp, 1);
    // What a first program costs (an interpreter's own memory) is spent before the comparison.
    await run(guest, 'python', 'print(1)');
    const before = await reported(guest, 'a report', ({ ageSeconds }) => ageSeconds === 0);
    const holding = run(
      guest,
      'python',
      `
import os, time
held = bytearray(os.urandom(1)) * ${HELD_BYTES}
while not os.path.exists('/tmp/let-go'): time.sleep(0.1)
del held`,
    );
    const during = await reported(
      guest,
      '50 MB to be taken',
      (stats) => available(before) - available(stats) >= HELD_BYTES * 0.95,
    );
    expect(available(before) - available(during)).toBeLessThan(HELD_BYTES * 1.6);
    expect(during.totalBytes).toBe(before.totalBytes);
    await run(guest, 'bash', 'touch /tmp/let-go');
    expect((await holding).exit.code).toBe(0);
    await reported(
      guest,
      'the 50 MB to be back',
      (stats) => available(stats) - available(during) >= HELD_BYTES * 0.9,
    );
  });
});

describe('a sample', () => {
  it('of a ready guest has its memory, and what its agent said before it was stopped', async () => {
    const { guest, stats } = await clones.ready();
    await using _ = guest;
    const runner = { ...sampled(guest, false), readyStats: stats };
    const figures = await sampleRunner(runner, LONG_MS);
    expect(figures.guestMemoryBytes).toBeGreaterThan(1 << 20);
    expect(figures.guestKernelMemoryBytes).toBe(stats.kernelMemoryBytes);
    expect(figures.uptimeSeconds).toBe(stats.uptimeMs / 1000);
    expect(figures.processes).toBe(stats.processes);
    expect(figures.network).toMatchObject({ ...stats.network });
  });

  it('of a running guest has every figure', async () => {
    await using guest = await running();
    await watchBalloon(guest.qmp, ONCE_SECONDS);
    const { availableBytes, totalBytes } = await reported(guest, 'a report');
    const figures = await sampleRunner(sampled(guest, true), LONG_MS);
    expect(figures.guestMemoryBytes).toBe((totalBytes ?? 0) - (availableBytes ?? 0));
    expect(figures.hostPssBytes).toBeGreaterThan(1 << 20);
    expect(figures.hostCpuMs).toBeGreaterThan(0);
    expect(figures.guestKernelMemoryBytes).toBeGreaterThan(1 << 20);
    expect(figures.uptimeSeconds).toBeGreaterThan(0);
    expect(figures.processes).toBeGreaterThan(1);
    expect(figures.network).toMatchObject({ source: 'guest', rxBytes: expect.any(Number) });
    expect(figures.sampledSecondsAgo).toBe(0);
  });

  it('of a stopped guest has what its agent said before, and the balloon’s last report', async () => {
    await using guest = await running();
    await watchBalloon(guest.qmp, ONCE_SECONDS);
    const { totalBytes } = await reported(guest, 'a report');
    await guest.pause();
    const figures = await sampleRunner(sampled(guest, false), LONG_MS);
    expect(figures).toMatchObject({ processes: 3, uptimeSeconds: 1, network: null, balloon: { totalBytes } });
    expect(figures.hostPssBytes).toBeGreaterThan(1 << 20);
  });

  it('of a guest that hangs ends by its deadline with what the host knows, and is whole again after', async () => {
    await using guest = await running();
    await watchBalloon(guest.qmp, ONCE_SECONDS);
    await reported(guest, 'a report');
    let asked = 0;
    const runner = {
      ...sampled(guest, true),
      agentStats: () => {
        asked += 1;
        return guest.agentStats();
      },
    };
    process.kill(guest.pid, 'SIGSTOP');
    const samples = await Promise.all([1, 2, 3].map(() => sampleRunner(runner, SHORT_MS)));
    samples.push(await sampleRunner(runner, SHORT_MS));
    for (const figures of samples) {
      expect(figures).toMatchObject({
        balloon: null,
        guestMemoryBytes: null,
        processes: null,
        network: null,
      });
      expect(figures.hostPssBytes).toBeGreaterThan(1 << 20);
      expect(figures.hostCpuMs).toBeGreaterThan(0);
    }
    expect(asked).toBe(1);

    process.kill(guest.pid, 'SIGCONT');
    for (const count of [1, 2]) {
      const figures = await sampleRunner(runner, LONG_MS);
      expect({ count, ...figures }).toMatchObject({ count, processes: expect.any(Number) });
      expect(figures.guestMemoryBytes).toBeGreaterThan(0);
    }
    // Nothing else was harmed: the agent and the monitor still do their work.
    expect((await run(guest, 'bash', 'echo well')).stdout).toBe('well\n');
  });

  it('of a guest that was ended has null for everything', async () => {
    const guest = await running();
    await guest[Symbol.asyncDispose]();
    expect(await sampleRunner(sampled(guest, true), LONG_MS)).toEqual({
      balloon: null,
      guestMemoryBytes: null,
      guestKernelMemoryBytes: null,
      hostPssBytes: null,
      hostCpuMs: null,
      uptimeSeconds: null,
      processes: null,
      network: null,
      networkLog: null,
      sampledSecondsAgo: null,
    });
  });
});

it('a guest’s process shares most of the template’s memory: its share is less than what it maps', async () => {
  await using one = await running();
  await using two = await running();
  for (const { pid } of [one, two]) {
    const { pssBytes, residentBytes } = await readProcessUsage(pid);
    expect(pssBytes).toBeGreaterThan(1 << 20);
    expect(pssBytes).toBeLessThan(residentBytes ?? 0);
  }
});
