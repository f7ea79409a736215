/** Guests that a server left behind when it was killed. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../lib/files.ts';
import { isAlive, killProcess, type ProcessIdentity } from '../lib/process-identity.ts';
import { IDENTITY_FILE } from './launch.ts';
import { endStrays } from './strays.ts';

/** How long the kernel may take to end a killed QEMU, ms. */
const KILL_DEADLINE_MS = 5_000;

/**
 * Ends the guests whose folders are in `folder`, and removes these. Only for a folder that no live server uses.
 * @param keep Names of guests that go on.
 * @returns How many processes were still running.
 */
export async function reapLeftovers(folder: string, keep: readonly string[] = []): Promise<number> {
  await endStrays(folder, keep);
  const names = (await listFolder(folder)).filter((name) => !keep.includes(name));
  const reaped = await Promise.all(names.map((name) => reap(join(folder, name))));
  return reaped.filter(Boolean).length;
}

async function reap(folder: string): Promise<boolean> {
  const identity = await readIdentity(join(folder, IDENTITY_FILE));
  const wasAlive = identity !== undefined && (await isAlive(identity));
  if (wasAlive) await killProcess(identity, 'SIGKILL', KILL_DEADLINE_MS);
  await rm(folder, { recursive: true, force: true });
  return wasAlive;
}

/** The process of the guest whose folder this is, while it lives. */
export async function findLeftover(folder: string): Promise<ProcessIdentity | undefined> {
  const identity = await readIdentity(join(folder, IDENTITY_FILE));
  return identity && (await isAlive(identity)) ? identity : undefined;
}

async function readIdentity(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const { pid, startTicks }: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
    return typeof pid === 'number' && typeof startTicks === 'number' ? { pid, startTicks } : undefined;
  } catch {
    return undefined;
  }
}
