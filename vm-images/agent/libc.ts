/** The system calls that the agent makes itself, through libc. Everything here is synchronous. */
import { dlopen, FFIType, type Pointer, ptr, read } from 'bun:ffi';
import { constants } from 'node:os';

const { symbols: libc } = dlopen('libc.so.6', {
  __errno_location: { args: [], returns: FFIType.ptr },
  read: { args: [FFIType.i32, FFIType.ptr, FFIType.u64], returns: FFIType.i64_fast },
  write: { args: [FFIType.i32, FFIType.ptr, FFIType.u64], returns: FFIType.i64_fast },
  pread: { args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i64], returns: FFIType.i64_fast },
  poll: { args: [FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i32 },
  pipe2: { args: [FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  fchown: { args: [FFIType.i32, FFIType.u32, FFIType.u32], returns: FFIType.i32 },
  fcntl: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
  getrandom: { args: [FFIType.ptr, FFIType.u64, FFIType.u32], returns: FFIType.i64_fast },
  waitpid: { args: [FFIType.i32, FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  pidfd_open: { args: [FFIType.i32, FFIType.u32], returns: FFIType.i32 },
  kill: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  signal: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.ptr },
  dlsym: { args: [FFIType.ptr, FFIType.ptr], returns: FFIType.ptr },
  prctl: { args: [FFIType.i32, FFIType.u64, FFIType.u64, FFIType.u64, FFIType.u64], returns: FFIType.i32 },
  personality: { args: [FFIType.u64], returns: FFIType.i32 },
  sched_setscheduler: { args: [FFIType.i32, FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
  clock_settime: { args: [FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
  sethostname: { args: [FFIType.ptr, FFIType.u64], returns: FFIType.i32 },
  setfsuid: { args: [FFIType.u32], returns: FFIType.i32 },
  setfsgid: { args: [FFIType.u32], returns: FFIType.i32 },
  execv: { args: [FFIType.ptr, FFIType.ptr], returns: FFIType.i32 },
  setenv: { args: [FFIType.ptr, FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  posix_spawnp: {
    args: [FFIType.ptr, FFIType.ptr, FFIType.ptr, FFIType.ptr, FFIType.ptr, FFIType.ptr],
    returns: FFIType.i32,
  },
  posix_spawn_file_actions_init: { args: [FFIType.ptr], returns: FFIType.i32 },
  posix_spawn_file_actions_destroy: { args: [FFIType.ptr], returns: FFIType.i32 },
  posix_spawn_file_actions_adddup2: { args: [FFIType.ptr, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  posix_spawnattr_init: { args: [FFIType.ptr], returns: FFIType.i32 },
  posix_spawnattr_destroy: { args: [FFIType.ptr], returns: FFIType.i32 },
  posix_spawnattr_setflags: { args: [FFIType.ptr, FFIType.i16], returns: FFIType.i32 },
  posix_spawnattr_setsigmask: { args: [FFIType.ptr, FFIType.ptr], returns: FFIType.i32 },
  posix_spawnattr_setsigdefault: { args: [FFIType.ptr, FFIType.ptr], returns: FFIType.i32 },
});

export { libc };

/** Symbolic name by number, as `EAGAIN`. */
const errnoNames = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** A system call failed. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  /** As `ENOMEM`. */
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = errnoNames.get(errno) ?? `error ${errno}`;
    super(`${call}: ${code}`);
    this.code = code;
  }
}

const SHORTAGES = new Set(['EAGAIN', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC']);

/** Whether something failed only because programs have used something up: it may work again later. */
export function isShortage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && SHORTAGES.has(String(error.code));
}

const errnoLocation = libc.__errno_location();

/**
 * The main thread's `errno` right after a failed call. Good for a message only: the engine may collect garbage
 * between the call and this, and that makes system calls too.
 */
function errno(): number {
  return errnoLocation === null ? 0 : read.i32(errnoLocation, 0);
}

/**
 * Passes a system call's result through.
 * @throws {SystemCallError} When it is negative.
 */
export function checked(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, errno());
  return result;
}

/**
 * Reads what is there, from a non-blocking pipe or port.
 * @returns Bytes read, 0 at the end of the stream, undefined when there is nothing now: of such a descriptor no
 *   other failure is to be expected.
 */
export function readSome(fd: number, into: Uint8Array): number | undefined {
  const count = Number(libc.read(fd, into, into.length));
  return count < 0 ? undefined : count;
}

/** Writes as much as fits to a non-blocking port. @returns Bytes written, 0 when nothing fits now. */
export function writeSome(fd: number, bytes: Uint8Array): number {
  return Math.max(0, Number(libc.write(fd, bytes, bytes.length)));
}

/** Waits for events; an interruption by a signal counts as none. `timeoutMs` -1 waits without end. */
export function pollFds(fds: Int32Array, count: number, timeoutMs: number): number {
  return Math.max(0, libc.poll(fds, count, timeoutMs));
}

/** `text` with its terminating NUL. */
export const cString = (text: string): Uint8Array => Buffer.from(`${text}\0`);

/** Memory's address, for structures that hold pointers. The memory must stay referenced while they are used. */
export const addressOf = (memory: NodeJS.TypedArray): bigint => BigInt(pointerTo(memory));
const pointerTo = (memory: NodeJS.TypedArray): Pointer => ptr(memory);
