/**
 * What a guest reports of its memory through its balloon device, read over QMP.
 *
 * QEMU keeps the guest's latest report. A restore makes it read the report again that lay in the template's memory,
 * and date it now: figures of another machine at another time. They are told from the guest's own and left out.
 */
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { QmpClient } from 'node-qemu-qmp';

/** A figure is null when the guest has not reported it, or reported what cannot be. */
export type BalloonStats = {
  /** What the guest's kernel has to give. */
  readonly totalBytes: number | null;
  /** What programs could still take without swapping. */
  readonly availableBytes: number | null;
  readonly freeBytes: number | null;
  readonly cachesBytes: number | null;
  readonly majorFaults: number | null;
  readonly minorFaults: number | null;
  readonly swapInBytes: number | null;
  readonly swapOutBytes: number | null;
  /** How long ago the guest reported them, to the second, by the host's clock. */
  readonly ageSeconds: number;
};

const BALLOON = '/machine/peripheral/balloon';

/** A report as QEMU hands it out. */
const Report = Type.Object({
  stats: Type.Record(Type.String(), Type.Unknown()),
  /** Seconds since 1970; 0 before the first report. */
  'last-update': Type.Integer({ minimum: 0 }),
});
const report = TypeCompiler.Compile(Report);

/** What was there when the watch began: what the restore left, until the guest says otherwise. */
const inherited = new WeakMap<QmpClient, string>();

/**
 * Makes QEMU ask the guest for its figures: now, and after each interval of the guest's own running time. The setting
 * is the QEMU process's, so no template carries it.
 *
 * To be called when the guest's CPU has been resumed after the restore: QEMU reads what the restore left at the first
 * resume, and only a watch that begins after it can tell.
 * @param intervalSeconds Whole seconds; 0 ends the watch.
 * @throws {QmpCommandError | QmpDisconnectedError} When the guest has no balloon, or is gone.
 */
export async function watchBalloon(qmp: QmpClient, intervalSeconds: number): Promise<void> {
  const [before] = await Promise.all([
    qmp.execute('qom-get', { path: BALLOON, property: 'guest-stats' }),
    qmp.execute('qom-set', {
      path: BALLOON,
      property: 'guest-stats-polling-interval',
      value: intervalSeconds,
    }),
  ]);
  if (!inherited.has(qmp)) inherited.set(qmp, JSON.stringify(before));
}

/**
 * The guest's latest report; null before the first.
 * @throws {QmpCommandError | QmpDisconnectedError} When the guest has no balloon, or is gone.
 */
export async function readBalloon(qmp: QmpClient): Promise<BalloonStats | null> {
  const [answer, memoryBytes] = await Promise.all([
    qmp.execute('qom-get', { path: BALLOON, property: 'guest-stats' }),
    readMemorySize(qmp),
  ]);
  if (!report.Check(answer) || answer['last-update'] === 0) return null;
  if (JSON.stringify(answer) === inherited.get(qmp)) return null;
  const { stats } = answer;
  const totalBytes = figure(stats['stat-total-memory'], memoryBytes);
  const limit = totalBytes ?? memoryBytes;
  return {
    totalBytes,
    availableBytes: figure(stats['stat-available-memory'], limit),
    freeBytes: figure(stats['stat-free-memory'], limit),
    cachesBytes: figure(stats['stat-disk-caches'], limit),
    majorFaults: figure(stats['stat-major-faults']),
    minorFaults: figure(stats['stat-minor-faults']),
    swapInBytes: figure(stats['stat-swap-in']),
    swapOutBytes: figure(stats['stat-swap-out']),
    ageSeconds: Math.max(0, Math.floor(Date.now() / 1000) - answer['last-update']),
  };
}

/**
 * The memory that QEMU gives the guest, bytes: no figure of the guest's memory can be above it.
 * @throws {QmpDisconnectedError} When the guest is gone.
 */
export async function readMemorySize(qmp: QmpClient): Promise<number> {
  const memory = await qmp.execute('query-memory-size-summary');
  return memory['base-memory'] + (memory['plugged-memory'] ?? 0);
}

/** What the guest has not reported is 2⁶⁴−1, too large to be taken for a count. */
function figure(value: unknown, limit = Number.MAX_SAFE_INTEGER): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= limit
    ? value
    : null;
}
