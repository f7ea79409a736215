/** QEMU's migration, used to save a guest and to load it: everything but the RAM, which is in its file already. */
import type { QmpClient } from 'node-qemu-qmp';
import { follow, within } from '../lib/deadline.ts';

/** Saving or loading takes 20 ms; a machine that needs this long has other trouble, ms. */
const MIGRATION_DEADLINE_MS = 60_000;

/** The state could not be saved or loaded. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Migrates without the RAM.
 * @param start Sends the command that begins it, `migrate` or `migrate-incoming`.
 * @throws {MigrationError} When QEMU reports a failure.
 * @throws {DeadlineError} When it does not end in time, or the signal's reason when it is aborted.
 */
export async function migrateWithoutMemory(
  qmp: QmpClient,
  start: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  // Shared RAM stays where it is; events spare polling for the end.
  const capabilities = qmp.execute('migrate-set-capabilities', {
    capabilities: [
      { capability: 'x-ignore-shared', state: true },
      { capability: 'events', state: true },
    ],
  });
  // A QEMU that is stopped never answers.
  await follow(capabilities, signal);
  const ended = qmp.once('MIGRATION', {
    filter: ({ data }) => data.status === 'completed' || data.status === 'failed',
    signal,
  });
  await follow(start(), signal);
  const { data } = await within(MIGRATION_DEADLINE_MS, 'the migration to end', ended, signal);
  if (data.status !== 'completed')
    throw new MigrationError('QEMU could not save or load the state of the guest');
}
