/** The few Linux calls that `node:` has no name for. */
import { type FileHandle, open } from 'node:fs/promises';
import { libc } from './libc.ts';

// Values from linux/memfd.h, linux/fcntl.h, linux/prctl.h and bits/socket.h; the same on every architecture QEMU runs on.
const MFD_CLOEXEC = 0x1;
const MFD_ALLOW_SEALING = 0x2;
const F_SETFL = 4;
const F_ADD_SEALS = 1033;
const F_SEAL_SEAL = 0x1;
const F_SEAL_SHRINK = 0x2;
const F_SEAL_GROW = 0x4;
const F_SEAL_WRITE = 0x8;
const PR_SET_DUMPABLE = 4;
const PR_SET_THP_DISABLE = 41;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2_000_000;
const O_CLOEXEC = 0o2_000_000;
const O_NONBLOCK = 0o4_000;

/** What a new file or folder is never given: anything for others than its owner. */
const PRIVATE_UMASK = 0o077;

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

/**
 * Makes a memory file immutable for every process, this one included, for as long as it exists: its bytes
 * and its size can never change again. See memfd_create(2) and fcntl(2), "File Sealing".
 * @throws {Error} When a writable shared mapping of it still exists.
 */
export function sealMemoryFile(fd: number): void {
  const seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (libc.fcntl(fd, F_ADD_SEALS, seals) !== 0) throw new Error('the memory file could not be sealed');
}

/** Longest path of a Unix socket, bytes: `sun_path` less its NUL, unix(7). */
export const SOCKET_PATH_LIMIT = 107;

/** Connections that may wait for the process that takes them: there is one at a time. */
const BACKLOG = 1;

/**
 * Makes a Unix stream socket with a name. Who connects waits in it until the process that inherits it takes the connection;
 * when none has the socket any more, the connection breaks.
 * @param path Must not exist.
 * @returns A file descriptor, closed on exec unless it is passed on by name.
 * @throws {Error} When the path is too long or cannot be made.
 */
export function bindUnixSocket(path: string): number {
  const name = cString(path);
  if (name.length > SOCKET_PATH_LIMIT + 1) {
    throw new Error(`a socket's path may have ${SOCKET_PATH_LIMIT} bytes: ${path}`);
  }
  const fd = libc.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new Error('this process has no descriptor left for a socket');
  // `struct sockaddr_un`: the family in the host's byte order, then the path.
  const address = new Uint8Array(2 + name.length);
  new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX;
  address.set(name, 2);
  if (libc.bind(fd, address, address.length) === 0 && libc.listen(fd, BACKLOG) === 0) return fd;
  libc.close(fd);
  throw new Error(`the socket ${path} cannot be made`);
}

/** A pipe whose reading end does not block. @throws {Error} When this process has no descriptor left. */
export function makePipe(): { readonly reader: number; readonly writer: number } {
  const pair = new Int32Array(2);
  if (libc.pipe2(new Uint8Array(pair.buffer), O_CLOEXEC) !== 0) {
    throw new Error('this process has no descriptor left for a pipe');
  }
  const [reader = -1, writer = -1] = pair;
  libc.fcntl(reader, F_SETFL, O_NONBLOCK);
  return { reader, writer };
}

/** Closes a descriptor that this module made. */
export function closeDescriptor(fd: number): void {
  libc.close(fd);
}

/**
 * Turns transparent huge pages off for this process and those it starts. A clone touches scattered pages of
 * its template; a huge page would copy 2 MiB for each.
 */
export function disableTransparentHugePages(): void {
  libc.prctl(PR_SET_THP_DISABLE, 1n, 0n, 0n, 0n);
}

/**
 * Shuts others out of what this process holds, keys and programs among it. What it makes is its user's alone,
 * whatever umask it was started with. Its memory and its environment are closed to other processes of that user, and
 * no core dump is made of it: a limit on their size is not heeded where the host hands dumps to a program (core(5)).
 * A child that executes another program has the umask, and none of the rest.
 */
export function shutOthersOut(): void {
  process.umask(PRIVATE_UMASK);
  libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n);
}
