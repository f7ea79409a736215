/** From a template to a guest: a fresh process whose memory is a private view of the template's. */
import { close, open } from 'node:fs';
import { promisify } from 'node:util';
import type { Guest } from './guest.ts';
import type { Hosting } from './hosting.ts';
import { FIRST_INHERITED_FD, type Forks, launchGuest } from './launch.ts';
import type { Machine } from './machine.ts';
import { migrateWithoutMemory } from './migration.ts';

const openFile = promisify(open);
const closeFile = promisify(close);

/** What a restore starts from. No guest can change it. */
export type RestorePoint = {
  readonly machine: Machine;
  /** SHA-256 of the program of the QEMU that saved it; no other can load it for certain. */
  readonly qemuProgram: string;
  /** Path of the root image; what lies there now need not be what {@link rootFd} has open. */
  readonly rootImage: string;
  readonly rootFd: number;
  /** Descriptor of the sealed memory file with the saved state of the devices and the CPU. */
  readonly stateFd: number;
  /** Descriptor of the sealed memory file that holds the template's RAM. */
  readonly memoryFd: number;
};

/** What a restored guest is called, and where what it needs on this host comes from. */
export type RestoreOptions = {
  readonly name: string;
  /** The guest's own folder; see {@link launchGuest}. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** For a guest that others are forked from. */
  readonly forks?: ForkControl;
};

export type ForkControl = Forks & {
  /** The socket that it takes requests from. */
  readonly controlFd: number;
};

/** How long a restore may take, spawn included, ms. Measured: about 80 ms. */
const RESTORE_DEADLINE_MS = 30_000;

/** Descriptor numbers in QEMU. */
const MEMORY_FD = FIRST_INHERITED_FD;
const STATE_FD = MEMORY_FD + 1;
const ROOT_FD = MEMORY_FD + 2;
// `fork/fork-server.c` names the one that follows, its control socket.

/**
 * Restores a guest, its CPU stopped.
 * @param hosting Must stay open as long as the guest.
 * @throws {QemuChangedError} When guests would run on another QEMU here than the one that saved the state.
 * @throws {MigrationError} When the state cannot be loaded.
 * @throws {QemuExitError} When QEMU ends instead.
 * @throws The signal's reason when it is aborted.
 */
export async function restoreGuest(
  point: RestorePoint,
  hosting: Hosting,
  { name, folder, signal, forks }: RestoreOptions,
): Promise<Guest> {
  await using stack = new AsyncDisposableStack();
  await hosting.confinement.checkQemu(point.qemuProgram);
  // Each QEMU reads at a place of its own.
  const openForQemu = async (fd: number) =>
    stack.adopt(await openFile(`/proc/self/fd/${fd}`, 'r'), (own) => closeFile(own));
  const stateFd = await openForQemu(point.stateFd);
  const rootFd = await openForQemu(point.rootFd);
  const deadline = AbortSignal.timeout(RESTORE_DEADLINE_MS);
  const limit = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const guest = await launchGuest({
    name,
    folder,
    machine: point.machine,
    memory: { kind: 'clone', fd: MEMORY_FD },
    start: { kind: 'restore', forks: forks !== undefined },
    rootImage: { fd: ROOT_FD },
    inherited: [point.memoryFd, stateFd, rootFd, ...(forks ? [forks.controlFd] : [])],
    hosting,
    ...(forks && { forks }),
    signal: limit,
  });
  try {
    const load = () => guest.qmp.execute('migrate-incoming', { uri: `fd:${STATE_FD}` });
    await migrateWithoutMemory(guest.qmp, load, limit);
    return guest;
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}
