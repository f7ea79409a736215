import { afterEach, beforeEach, describe, expect, it } from 'bun:test';
import fc from 'fast-check';
import { QmpDisconnectedError } from 'node-qemu-qmp';
import { type BalloonStats, readBalloon, watchBalloon } from '../../../src/guest/stats.ts';
import { failure } from '../../support/failure.ts';
import {
  healthyFigures,
  MEMORY_BYTES,
  NOT_REPORTED,
  ScriptedMonitor,
} from '../../support/scripted-monitor.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

const NAMES = [
  ['totalBytes', 'stat-total-memory'],
  ['availableBytes', 'stat-available-memory'],
  ['freeBytes', 'stat-free-memory'],
  ['cachesBytes', 'stat-disk-caches'],
  ['majorFaults', 'stat-major-faults'],
  ['minorFaults', 'stat-minor-faults'],
  ['swapInBytes', 'stat-swap-in'],
  ['swapOutBytes', 'stat-swap-out'],
] as const;

describe('balloon statistics', () => {
  let monitor: ScriptedMonitor;
  beforeEach(async () => {
    monitor = await ScriptedMonitor.start();
  });
  afterEach(() => monitor[Symbol.asyncDispose]());

  async function readWith(more: object): Promise<BalloonStats> {
    monitor.report = { stats: { ...healthyFigures, ...more }, 'last-update': nowSeconds() };
    const stats = await readBalloon(monitor.qmp);
    if (stats === null) throw new Error('there is a report');
    return stats;
  }

  it('are the figures that QEMU has, and their age', async () => {
    monitor.report = { stats: healthyFigures, 'last-update': nowSeconds() - 1_000 };
    expect(await readBalloon(monitor.qmp)).toEqual({
      totalBytes: 200_000_000,
      availableBytes: 150_000_000,
      freeBytes: 100_000_000,
      cachesBytes: 60_000_000,
      majorFaults: 10,
      minorFaults: 2_000,
      swapInBytes: 0,
      swapOutBytes: 0,
      ageSeconds: expect.any(Number),
    });
    const later = await readBalloon(monitor.qmp);
    expect(later?.ageSeconds).toBeGreaterThanOrEqual(1_000);
    // Seconds, not milliseconds.
    expect(later?.ageSeconds).toBeLessThan(100_000);
  });

  it('are of no negative age when the host’s clock was set back', async () => {
    monitor.report = { stats: healthyFigures, 'last-update': nowSeconds() + 1_000 };
    expect(await readBalloon(monitor.qmp)).toMatchObject({ ageSeconds: 0 });
  });

  it('are null before the first report', async () => {
    monitor.report = { stats: healthyFigures, 'last-update': 0 };
    expect(await readBalloon(monitor.qmp)).toBeNull();
  });

  it.each([
    { report: null },
    { report: 7 },
    { report: [] },
    { report: {} },
    { report: { stats: healthyFigures } },
    { report: { stats: null, 'last-update': 5 } },
    { report: { stats: healthyFigures, 'last-update': -1 } },
  ])('are null when there is no report in %j', async ({ report }) => {
    monitor.report = report;
    expect(await readBalloon(monitor.qmp)).toBeNull();
  });

  it.each([NOT_REPORTED, -1, 1.5, '200', null, true, Number.MAX_SAFE_INTEGER + 1, {}])(
    'take %j for not reported, wherever it stands',
    async (value) => {
      for (const [name, reported] of NAMES) {
        expect(await readWith({ [reported]: value })).toMatchObject({ [name]: null });
      }
    },
  );

  it('have null where a figure is missing', async () => {
    monitor.report = { stats: { 'stat-free-memory': 5 }, 'last-update': nowSeconds() };
    const nothing = Object.fromEntries(NAMES.map(([name]) => [name, null]));
    expect(await readBalloon(monitor.qmp)).toMatchObject({ ...nothing, freeBytes: 5 });
  });

  it('believe no more memory than the guest was given', async () => {
    expect(await readWith({ 'stat-total-memory': MEMORY_BYTES })).toMatchObject({ totalBytes: MEMORY_BYTES });
    expect(await readWith({ 'stat-total-memory': MEMORY_BYTES + 1 })).toMatchObject({ totalBytes: null });
    const within = { 'stat-total-memory': NOT_REPORTED, 'stat-available-memory': MEMORY_BYTES };
    expect(await readWith(within)).toMatchObject({ availableBytes: MEMORY_BYTES });
  });

  it('believe no part that is more than the whole', async () => {
    for (const [name, reported] of NAMES.slice(1, 4)) {
      const { 'stat-total-memory': total } = healthyFigures;
      expect(await readWith({ [reported]: total })).toMatchObject({ [name]: total });
      expect(await readWith({ [reported]: total + 1 })).toMatchObject({ [name]: null });
    }
  });

  it('are counts or null, whatever a guest reports', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.maxSafeInteger(), fc.constant(NOT_REPORTED));
    const stats = fc.record(Object.fromEntries(NAMES.map(([, reported]) => [reported, value])));
    await fc.assert(
      fc.asyncProperty(stats, async (figures) => {
        for (const figure of Object.values(await readWith(figures))) {
          expect(figure === null || (Number.isSafeInteger(figure) && figure >= 0)).toBe(true);
        }
      }),
    );
  });

  it('reject when QEMU is gone', async () => {
    monitor.exit();
    await monitor.qmp.closed;
    expect(await failure(readBalloon(monitor.qmp))).toBeInstanceOf(QmpDisconnectedError);
    expect(await failure(watchBalloon(monitor.qmp, 2))).toBeInstanceOf(QmpDisconnectedError);
  });
});

describe('the watch', () => {
  it('sets the interval', async () => {
    await using monitor = await ScriptedMonitor.start();
    await watchBalloon(monitor.qmp, 7);
    expect(monitor.commands.at(-1)).toMatchObject({
      execute: 'qom-set',
      arguments: {
        path: '/machine/peripheral/balloon',
        property: 'guest-stats-polling-interval',
        value: 7,
      },
    });
  });

  it('leaves out what a restore left, until the guest reports', async () => {
    await using monitor = await ScriptedMonitor.start();
    const restored = { stats: healthyFigures, 'last-update': 1_700_000_000 };
    monitor.report = restored;
    expect(await readBalloon(monitor.qmp)).not.toBeNull();
    await watchBalloon(monitor.qmp, 2);
    expect(await readBalloon(monitor.qmp)).toBeNull();

    monitor.report = { ...restored, 'last-update': restored['last-update'] + 1 };
    expect(await readBalloon(monitor.qmp)).toMatchObject({ totalBytes: 200_000_000 });
  });

  it('takes another report in the same second for the guest’s', async () => {
    await using monitor = await ScriptedMonitor.start();
    const restored = { stats: healthyFigures, 'last-update': 1_700_000_000 };
    monitor.report = restored;
    await watchBalloon(monitor.qmp, 2);
    monitor.report = { ...restored, stats: { ...healthyFigures, 'stat-minor-faults': 2_001 } };
    expect(await readBalloon(monitor.qmp)).toMatchObject({ minorFaults: 2_001 });
  });

  it('can be changed without losing the guest’s figures', async () => {
    await using monitor = await ScriptedMonitor.start();
    await watchBalloon(monitor.qmp, 2);
    monitor.report = { stats: healthyFigures, 'last-update': nowSeconds() - 50 };
    await watchBalloon(monitor.qmp, 60);
    expect(await readBalloon(monitor.qmp)).toMatchObject({ totalBytes: 200_000_000 });
  });
});
