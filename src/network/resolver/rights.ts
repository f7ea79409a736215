/** How the process gives up what it was started with, once it listens and all its program is read. */
import { mkdtempSync, readdirSync, readlinkSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libc } from '../../lib/libc.ts';
import { shutOthersOut } from '../../lib/posix.ts';

// From linux/prctl.h and signal(7).
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Leaves the file system, the user root and its capabilities, all for good: new privileges are ruled out since the
 * process was started. Every thread of it is meant: root and working folder belong to the process, and the C library
 * changes the user of all threads (setuid(2), "C library/kernel differences").
 * @param user Whom the process is to be, as user and as group.
 * @throws {Error} When something of it is left.
 */
export function giveUpRights(user: number): void {
  const files = openFiles();
  if (files.length > 0) throw new Error(`the process still has open: ${files.join(', ')}`);
  leaveFileSystem();
  // Not `process.setgroups`, which Deno lacks.
  libc.setgroups(0n, new Uint8Array(4));
  process.setgid?.(user);
  process.setuid?.(user);
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()];
  if (ids.some((id) => id !== user) || process.getgroups?.().some((group) => group !== user)) {
    throw new Error(`the process could not become user ${user}`);
  }
  shutOthersOut();
  // A change of user takes this back, so it comes last; a process that hangs would not see its input end.
  libc.prctl(PR_SET_PDEATHSIG, BigInt(SIGKILL), 0n, 0n, 0n);
}

/** Files and folders that this process has open: a way back, or something to write. */
function openFiles(): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // What the list was read with.
      return '';
    }
  });
  return links.filter((link) => link.startsWith('/') && link !== '/dev/null');
}

/** Makes an empty folder the root of everything, one that is removed already: nothing can be made in it either. */
function leaveFileSystem(): void {
  const folder = mkdtempSync(join(tmpdir(), 'codeland-resolver-'));
  try {
    process.chdir(folder);
  } finally {
    rmdirSync(folder);
  }
  if (libc.chroot(new TextEncoder().encode('.\0')) !== 0) throw new Error('the file system cannot be left');
}
