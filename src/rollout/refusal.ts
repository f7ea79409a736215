/** What cannot be brought into use while the service runs. */
import type { SourceTemplate } from './source.ts';

/** The message says why, and what to do. */
export class RolloutRefusedError extends Error {
  override readonly name = 'RolloutRefusedError';
}

/** What the groups and limits of the guests that run do not fit: one phrase for each. */
export function machineDifferences(current: SourceTemplate, next: SourceTemplate): string[] {
  const [now, then] = [current.restorePoint.machine, next.restorePoint.machine];
  return [
    ...(now.accelerator === then.accelerator ? [] : [`${then.accelerator} in place of ${now.accelerator}`]),
    ...(now.memoryMiB === then.memoryMiB ? [] : [`${then.memoryMiB} MiB in place of ${now.memoryMiB}`]),
  ];
}
