/**
 * What holds a guest's QEMU on the host: the user it runs as, and what the kernel lets it do. A guest that takes
 * over its QEMU has no more than that. Every layer is put on before QEMU's own first instruction, by util-linux's
 * commands, each of which becomes the next: QEMU keeps the process id, and nothing stays behind.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { AcceleratorName } from './machine.ts';

const run = promisify(execFile);

export type Confinement = {
  /** A user of its own for each guest; null: the server's own, as only root can give another. */
  readonly users: { readonly groups: readonly number[] } | null;
  /** Empty network, IPC and host name of its own. */
  readonly namespaces: boolean;
};

/** What cannot be had here, and why, for the operator. */
export type MissingLayer = { readonly layer: string; readonly why: string };

/**
 * Ids from here on up belong to nobody: systemd reserves ("Users, Groups, UIDs and GIDs on systemd Systems") what is
 * below, and what is above does not fit everywhere.
 */
const FIRST_USER = 1_879_048_192;

/**
 * The one of these ids that is no guest's, as guests are counted from 1: for a process of the server's that reads what
 * hostile guests send.
 */
export const RESOLVER_USER = FIRST_USER;

const NAMESPACES = ['--net', '--ipc', '--uts'];

/**
 * Descriptors: QEMU uses about 30. It writes no file and locks no memory, and a core dump would put a guest's
 * memory on the host's disk.
 */
const LIMITS = ['--core=0', '--fsize=0', '--memlock=0', '--nofile=128'];
/** Threads of a user: QEMU starts a few. Not for the server's own user, whose processes it would count. */
const THREADS = '--nproc=64';

const POWERLESS = ['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'];

/** Looks at what this server may do on this host. */
export async function inspectConfinement(accelerator: AcceleratorName): Promise<Confinement> {
  if (process.getuid?.() !== 0) return { users: null, namespaces: false };
  const namespaces = await run('unshare', [...NAMESPACES, 'true']).then(
    () => true,
    () => false,
  );
  // Debian lets the group of the device use it.
  const groups = accelerator === 'kvm' ? [(await stat('/dev/kvm')).gid] : [];
  return { users: { groups }, namespaces };
}

/** The layers that are not there. */
export function missingLayers({ users, namespaces }: Confinement): MissingLayer[] {
  const root = 'the server does not run as root';
  return [
    ...(users ? [] : [{ layer: 'a user of its own for each guest', why: root }]),
    ...(namespaces
      ? []
      : [{ layer: 'namespaces', why: users ? 'this host does not let root make them' : root }]),
  ];
}

/** The user of a guest, or null for the server's own. @param number Of the guest; no two live guests share one. */
export const userOf = ({ users }: Confinement, number: number): number | null => users && FIRST_USER + number;

/**
 * The command that runs `command` with all layers on.
 * @param number Of the guest, as for {@link userOf}.
 */
export function confine(confinement: Confinement, number: number, command: readonly string[]): string[] {
  const { users, namespaces } = confinement;
  const user = String(userOf(confinement, number));
  const identity = users
    ? [`--reuid=${user}`, `--regid=${user}`, ...groupOptions(users.groups), ...POWERLESS]
    : [];
  return [
    ...(namespaces ? ['unshare', ...NAMESPACES] : []),
    ...['prlimit', ...LIMITS, ...(users ? [THREADS] : [])],
    ...['setpriv', ...identity, '--no-new-privs'],
    ...command,
  ];
}

const groupOptions = (groups: readonly number[]) =>
  groups.length === 0 ? ['--clear-groups'] : [`--groups=${groups.join(',')}`];
