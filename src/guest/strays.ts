/**
 * What a killed server was about to make a guest of: it was not written down yet, and may be in no control group. All
 * of it has inherited the guest's sockets, whose paths are in the guest's folder.
 */
import { readFile, readlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { mapAtMost } from '../lib/concurrently.ts';
import { listFolder } from '../lib/files.ts';
import { identifyProcess, killProcess } from '../lib/process-identity.ts';

/** How long the kernel may take to end a killed process, ms. */
const KILL_DEADLINE_MS = 5_000;
/** Address, references, protocol, flags, type, state, inode, path: proc(5). */
const ENTRY = /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) (.+)$/;
/** One that was found may have started another meanwhile. */
const PASSES = 5;
/** Processes that are looked at at once. */
const AT_ONCE = 32;

/**
 * Ends every process with a socket of a guest of `folder`. Only for a folder that no live server uses.
 * @param keep Names of guests that go on.
 */
export async function endStrays(folder: string, keep: readonly string[]): Promise<void> {
  const sockets = await socketsOf(folder, keep);
  if (sockets.size === 0) return;
  for (let pass = 0; pass < PASSES; pass += 1) if ((await endHolders(sockets)) === 0) return;
}

/** The sockets of guests, as a descriptor's link names them. */
async function socketsOf(folder: string, keep: readonly string[]): Promise<ReadonlySet<string>> {
  const sockets = new Set<string>();
  for (const line of (await readFile('/proc/net/unix', 'utf8')).split('\n')) {
    const [, inode, path = ''] = ENTRY.exec(line) ?? [];
    const guest = dirname(path);
    if (dirname(guest) === folder && !keep.includes(basename(guest))) sockets.add(`socket:[${inode}]`);
  }
  return sockets;
}

/** @returns How many processes were ended. */
async function endHolders(sockets: ReadonlySet<string>): Promise<number> {
  const pids = (await listFolder('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ended = await mapAtMost(pids, AT_ONCE, async (pid) => {
    if (pid === process.pid) return false;
    const identity = await identifyProcess(pid);
    if (!identity || !(await holds(pid, sockets))) return false;
    await killProcess(identity, 'SIGKILL', KILL_DEADLINE_MS);
    return true;
  });
  return ended.filter(Boolean).length;
}

/** Whether a process has one of the sockets; one that may not be looked at is not this user's. */
async function holds(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await listFolder(folder).catch(() => []);
  for (const descriptor of descriptors) {
    if (sockets.has(await readlink(`${folder}/${descriptor}`).catch(() => ''))) return true;
  }
  return false;
}
