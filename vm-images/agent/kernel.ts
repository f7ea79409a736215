/** Single facts about this machine that only root may set. */
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { checked, cString, libc } from './libc.ts';

const SCHED_FIFO = 1;
const SCHED_RESET_ON_FORK = 0x4000_0000;
const PR_SET_CHILD_SUBREAPER = 36;
const ADDR_NO_RANDOMIZE = 0x0004_0000;
const CLOCK_REALTIME = 0;
/** `_IOW('R', 3, int[2])` and `_IO('R', 7)` of linux/random.h. */
const RNDADDENTROPY = 0x4008_5203;
const RNDRESEEDCRNG = 0x5207;

/**
 * Puts this process's threads, and no process that it starts, before every ordinary process: on a machine with
 * one processor, what a program writes is then read before it writes anywhere else. All threads, since the
 * main one may have to wait for a lock of another. A thread that is started later is ordinary.
 */
export function takePriority(): void {
  const policy = SCHED_FIFO | SCHED_RESET_ON_FORK;
  for (const thread of readdirSync('/proc/self/task'))
    checked('sched_setscheduler', libc.sched_setscheduler(Number(thread), policy, Int32Array.of(1)));
}

/** Keeps the kernel, when it is out of memory, from ending this process or what it starts, unless that is undone. */
export function protectFromOutOfMemory(): void {
  writeFileSync('/proc/self/oom_score_adj', '-1000');
}

/** Orphans become children of this process, and the end of any child interrupts a wait. */
export function adoptOrphans(): void {
  checked('prctl', libc.prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n));
  // Any function that does nothing serves as the handler: an ignored signal would interrupt no system call.
  libc.signal(constants.signals.SIGCHLD, libc.dlsym(null, cString('abs')));
}

/**
 * Gives every process started from now on the same memory layout. An emulator keeps translated code by its
 * virtual address too: at the same addresses a program that ran before needs no translation again. Clones of a
 * machine share their layout anyway, and a machine serves one tenant.
 */
export function fixAddresses(): void {
  checked('personality', libc.personality(ADDR_NO_RANDOMIZE));
}

/** Sets the wall clock to microseconds since 1970. */
export function setClock(micros: number): void {
  const seconds = Math.floor(micros / 1e6);
  const time = BigInt64Array.of(BigInt(seconds), BigInt(Math.round(micros - seconds * 1e6)) * 1000n);
  checked('clock_settime', libc.clock_settime(CLOCK_REALTIME, time));
}

/** How far the clock may be behind, or seem to be ahead, before it is set; running programs see it jump. */
const BEHIND_MICROS = 1_000;
const AHEAD_MICROS = 50_000;

/**
 * Sets the wall clock if it is not right, as after a pause.
 * @param micros What it was on the host a while ago: a clock that is a little ahead of it may well be right.
 */
export function correctClock(micros: number): void {
  const ahead = Date.now() * 1000 - micros;
  if (ahead < -BEHIND_MICROS || ahead > AHEAD_MICROS) setClock(micros);
}

export function setHostname(name: string): void {
  const bytes = Buffer.from(name);
  checked('sethostname', libc.sethostname(bytes, bytes.length));
}

/** Mixes `seed` into the kernel's random pool, credited in full, and makes the generator start anew from it. */
export function reseedKernel(seed: Uint8Array): void {
  const request = new Uint8Array(8 + seed.length);
  const view = new DataView(request.buffer);
  view.setInt32(0, seed.length * 8, true);
  view.setInt32(4, seed.length, true);
  request.set(seed, 8);
  const fd = openSync('/dev/urandom', 'r+');
  try {
    checked('RNDADDENTROPY', libc.ioctl(fd, RNDADDENTROPY, request));
    checked('RNDRESEEDCRNG', libc.ioctl(fd, RNDRESEEDCRNG, null));
  } finally {
    closeSync(fd);
  }
}

/** Bytes from the kernel's generator. */
export function kernelRandom(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  checked('getrandom', Number(libc.getrandom(bytes, count, 0)));
  return bytes;
}
