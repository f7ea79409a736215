/**
 * What holds a guest's QEMU on the host: the user it runs as, what it sees, and what the kernel lets it do. A guest
 * that takes over its QEMU has no more than that. Every layer is put on before QEMU's own first instruction, by
 * util-linux's commands, each of which becomes the next.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { guestUser } from '../host/users.ts';
import { KeptDigest } from '../lib/kept-digest.ts';
import { QemuChangedError } from './errors.ts';
import { FORK_LIBRARY, Jail, JailError } from './jail.ts';
import type { AcceleratorName } from './machine.ts';
import { qemuPath } from './qemu.ts';

export type Confinement = AsyncDisposable & {
  /** A user of its own for each guest; null: the server's own, as only root can give another. */
  readonly users: { readonly groups: readonly number[] } | null;
  /** Namespaces of its own for each guest, in which it sees no file but QEMU's; or why there are none. */
  readonly jail: Pick<Jail, 'enter'> | JailError;
  /**
   * Makes sure that guests run on this QEMU. One that is in the jail stays when the host's is replaced.
   * @param program SHA-256 of its program.
   * @throws {QemuChangedError} When they would run on another one.
   */
  checkQemu(program: string): Promise<void>;
};

type Layers = Pick<Confinement, 'users' | 'jail'>;

/** What cannot be had here, and why, for the operator. */
export type MissingLayer = { readonly layer: string; readonly why: string };

/**
 * All that util-linux knows but for users, which need no namespace, and time. QEMU is process 1 in its own and sees no
 * other. Processes that are started in a PID namespace are somebody's children, so one of `unshare` stays as QEMU's
 * parent; when that is killed, QEMU is too.
 */
const NAMESPACES = [
  ...['--mount', '--net', '--ipc', '--uts', '--cgroup'],
  ...['--pid', '--fork', '--kill-child', '--mount-proc'],
];

/** The same in linux/sched.h: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET. */
const NAMESPACE_FLAGS = 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x2000_0000 | 0x4000_0000;

/**
 * Descriptors: QEMU uses about 30. It writes no file and locks no memory, and a core dump would put a guest's
 * memory on the host's disk. A limit of 1 byte, as one of 0 does not keep the kernel from giving the dump to a program
 * (linux/fs/coredump.c). Address space: 0.8 GB are used, most of them reserved; it is all that bounds a QEMU that was
 * taken over where there is no control group.
 */
const LIMITS = [`--as=${4 * 2 ** 30}`, '--core=1', '--fsize=0', '--memlock=0', '--nofile=128'];
/** Threads of a user: QEMU starts a few. Not for the server's own user, whose processes it would count. */
const THREADS = '--nproc=64';

const POWERLESS = ['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'];

/**
 * Makes what this server may make on this host.
 * @param forkLibrary Path of what makes a QEMU a fork server, where guests are forked.
 */
export async function openConfinement(
  accelerator: AcceleratorName,
  forkLibrary?: string,
): Promise<Confinement> {
  const devices = accelerator === 'kvm' ? ['/dev/kvm'] : [];
  // Debian lets the group of the device use it.
  const groups = await Promise.all(devices.map(async (device) => (await stat(device)).gid));
  const jail = await Jail.build(devices, forkLibrary).catch((error: unknown) => {
    if (error instanceof JailError) return error;
    throw error;
  });
  const path = await qemuPath();
  const qemu = new KeptDigest(jail instanceof Jail ? join(jail.root, path) : path);
  return {
    users: process.getuid?.() === 0 ? { groups } : null,
    jail,
    checkQemu: async (program) => {
      if ((await qemu.read()) === program) return;
      throw new QemuChangedError(
        `${path} is not the QEMU that the template was baked with; start the server anew with a template for this one`,
      );
    },
    [Symbol.asyncDispose]: async () => {
      if (jail instanceof Jail) await jail[Symbol.asyncDispose]();
    },
  };
}

/** The layers that are not there. */
export function missingLayers({ users, jail }: Layers): MissingLayer[] {
  return [
    ...(users ? [] : [{ layer: 'user of its own for each guest', why: 'the server does not run as root' }]),
    ...(jail instanceof JailError
      ? [{ layer: 'namespaces of its own for each guest', why: jail.message }]
      : []),
  ];
}

/** The user of a guest, or null for the server's own. @param number Of the guest; no two live guests share one. */
export const userOf = ({ users }: Layers, number: number): number | null => users && guestUser(number);

/**
 * The command that runs `command` with all layers on.
 * @param number Of the guest, as for {@link userOf}.
 */
export function confine(layers: Layers, number: number, command: readonly string[]): string[] {
  const { users, jail } = layers;
  const user = String(userOf(layers, number));
  const isJailed = !(jail instanceof JailError);
  return [
    ...(isJailed ? [...jail.enter, 'unshare', ...NAMESPACES] : []),
    ...['prlimit', ...LIMITS, ...(users ? [THREADS] : [])],
    // Changing the user would undo what has QEMU killed with its parent.
    ...['setpriv', '--pdeathsig=keep', '--no-new-privs'],
    ...(users ? [`--reuid=${user}`, `--regid=${user}`, ...groupOptions(users.groups)] : []),
    // Whoever is root of a user namespace has all capabilities in it.
    ...(users || isJailed ? POWERLESS : []),
    ...command,
  ];
}

/**
 * The command that runs a QEMU which guests' QEMUs are forked from. It runs our own programs alone, sees what guests'
 * QEMUs see, and keeps the rights that each fork gives up.
 * @param library What makes it a fork server; see `fork/fork-server.c`.
 */
export function confineForkServer(layers: Layers, library: string, command: readonly string[]): string[] {
  const { users, jail } = layers;
  const isJailed = !(jail instanceof JailError);
  return [
    ...(isJailed ? jail.enter : []),
    // A plain user sees the host's there.
    ...(isJailed && users ? ['unshare', '--mount', '--mount-proc'] : []),
    ...['prlimit', ...LIMITS, ...(users ? [THREADS] : [])],
    ...['env', `LD_PRELOAD=${isJailed ? FORK_LIBRARY : library}`],
    ...command,
  ];
}

/** What a fork puts on, which makes it what {@link confine} makes. */
export type ForkLayers = {
  /** Null: the server's. */
  readonly user: number | null;
  /** Flags of clone(2). */
  readonly namespaces: number;
};

export const forkLayers = (layers: Layers, number: number): ForkLayers => ({
  user: userOf(layers, number),
  namespaces: layers.jail instanceof JailError ? 0 : NAMESPACE_FLAGS,
});

const groupOptions = (groups: readonly number[]) =>
  groups.length === 0 ? ['--clear-groups'] : [`--groups=${groups.join(',')}`];
