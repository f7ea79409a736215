/** The few Linux calls that `node:` has no name for. */
import { type FileHandle, open } from 'node:fs/promises';
import { libc } from './libc.ts';

// Values from linux/memfd.h, linux/fcntl.h and linux/prctl.h; the same on every architecture QEMU runs on.
const MFD_CLOEXEC = 0x1;
const MFD_ALLOW_SEALING = 0x2;
const F_ADD_SEALS = 1033;
const F_SEAL_SEAL = 0x1;
const F_SEAL_SHRINK = 0x2;
const F_SEAL_GROW = 0x4;
const F_SEAL_WRITE = 0x8;
const PR_SET_THP_DISABLE = 41;

const cString = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/**
 * Creates an anonymous file in memory that can be sealed later.
 * @param name Shown in `/proc/<pid>/fd`; for people only.
 * @returns A file descriptor, closed on exec unless it is passed on by name.
 * @throws {Error} When the kernel refuses.
 */
export function createMemoryFile(name: string): number {
  const fd = libc.memfd_create(cString(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    throw new Error('memfd_create failed: this kernel offers no memory files (Linux 3.17 or newer)');
  return fd;
}

/**
 * Opens a memory file by another descriptor, for reading and writing: a runtime's own file functions need not
 * know descriptors that they did not open (Deno's do not).
 */
export const openMemoryFile = (fd: number): Promise<FileHandle> => open(`/proc/self/fd/${fd}`, 'r+');

export function closeMemoryFile(fd: number): void {
  libc.close(fd);
}

/**
 * Makes a memory file immutable for every process, this one included, for as long as it exists: its bytes
 * and its size can never change again. See memfd_create(2) and fcntl(2), "File Sealing".
 * @throws {Error} When a writable shared mapping of it still exists.
 */
export function sealMemoryFile(fd: number): void {
  const seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (libc.fcntl(fd, F_ADD_SEALS, seals) !== 0) throw new Error('the memory file could not be sealed');
}

/**
 * Turns transparent huge pages off for this process and those it starts. A clone touches scattered pages of
 * its template; a huge page would copy 2 MiB for each.
 */
export function disableTransparentHugePages(): void {
  libc.prctl(PR_SET_THP_DISABLE, 1n, 0n, 0n, 0n);
}
