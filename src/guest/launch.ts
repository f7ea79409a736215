/** From a description to a running QEMU whose monitor and agent socket are connected. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QmpClient } from 'node-qemu-qmp';
import type { GuestKind } from '../host/cgroups/limits.ts';
import { sleep } from '../lib/deadline.ts';
import { bindUnixSocket, closeDescriptor } from '../lib/posix.ts';
import { identifyProcess, type ProcessIdentity } from '../lib/process-identity.ts';
import { Addresses } from '../network/addresses.ts';
import { AgentLink } from './agent-link.ts';
import { type GuestSpec, guestArguments } from './command-line.ts';
import { confine, confineForkServer } from './confinement.ts';
import { QemuExitError } from './errors.ts';
import { Guest, type GuestProcess } from './guest.ts';
import type { Hosting } from './hosting.ts';
import { QEMU_BINARY } from './qemu.ts';
import { type QemuCommand, QemuProcess } from './qemu-process.ts';

/** Descriptor numbers in QEMU: its sockets follow stdin, stdout and stderr. */
export const QMP_FD = 3;
export const AGENT_FD = 4;
/** The number of the first descriptor of {@link LaunchRequest.inherited}. */
export const FIRST_INHERITED_FD = 5;

/** How long the end of a process may be in coming to light, ms. */
const END_GRACE_MS = 1_000;

export const QMP_SOCKET = 'qmp.sock';
export const AGENT_SOCKET = 'agent.sock';

/** File in a guest's folder that tells whose process it is, so that a later server can end what was left over. */
export const IDENTITY_FILE = 'process.json';

export type LaunchRequest = Omit<GuestSpec, 'qmpFd' | 'agentFd'> & {
  /** The guest's own folder on the host; made here, removed when the guest is disposed of. */
  readonly folder: string;
  /** Descriptors that QEMU inherits, from {@link FIRST_INHERITED_FD} on. */
  readonly inherited?: readonly number[];
  /** Nothing holds its QEMU without it, which is for guests that run our own programs alone. */
  readonly hosting?: Hosting;
  /** For a guest that others are forked from. */
  readonly forks?: Forks;
  readonly signal: AbortSignal;
};

/** What makes QEMU a fork server. */
export type Forks = {
  /** Path of the library that does it. */
  readonly library: string;
  /** Takes the lines that it answers. */
  readonly onLine: (line: string) => void;
};

/**
 * Starts a guest's QEMU, its CPU stopped.
 * @throws {QemuExitError} When QEMU ends instead, with its arguments and the end of its log.
 * @throws {AgentLinkError | QmpConnectError} When a socket cannot be reached.
 * @throws The signal's reason when it is aborted.
 */
export async function launchGuest(request: LaunchRequest): Promise<Guest> {
  const { folder, inherited = [], hosting, forks, signal, ...spec } = request;
  const { name } = spec;
  await using stack = new AsyncDisposableStack();
  const kind = forks ? 'parent' : 'guest';
  const { network, port, cgroup } = await openPlace(stack, { name, folder, hosting, kind });
  const qemu = [QEMU_BINARY, ...guestArguments({ ...spec, qmpFd: QMP_FD, agentFd: AGENT_FD })];
  const process = stack.use(
    await spawn(folder, {
      command: commandOf(qemu, network.number, hosting, forks),
      inherited: [...inherited, ...(port ? [port.fd] : [])],
      ...(forks && { onForked: forks.onLine }),
    }),
  );
  // The kernel takes 10 ms and more over it, while QEMU starts.
  const grouped = cgroup?.add(process.pid);
  grouped?.catch(() => {});
  await writeIdentity(folder, await identifyProcess(process.pid));
  const qmp = stack.use(await connectMonitor(process, join(folder, QMP_SOCKET), signal));
  await grouped;
  await process.settle();
  // What it was started by was in the group before it, most often. Its CPU does not run yet.
  await cgroup?.add(process.pid);
  await writeIdentity(folder, await identifyProcess(process.pid));
  const agent = stack.use(await AgentLink.connect(join(folder, AGENT_SOCKET)));
  stack.move();
  const exit = port && { host: port, qemuFd: FIRST_INHERITED_FD + inherited.length };
  return new Guest({ name, network, folder, process, qmp, agent, port: exit, cgroup });
}

type Place = {
  readonly name: string;
  readonly folder: string;
  readonly hosting: Hosting | undefined;
  readonly kind: GuestKind;
};

/** Makes what a guest has on the host before it has a process. @param stack Takes it all, the last on top. */
export async function openPlace(stack: AsyncDisposableStack, { name, folder, hosting, kind }: Place) {
  const network = stack.use((hosting?.addresses ?? new Addresses()).take());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // What is forked from a parent gets a way out of its own.
  const port = kind === 'guest' && hosting?.openPort ? stack.use(hosting.openPort()) : undefined;
  const cgroup = hosting && stack.use(await hosting.cgroups.guest(name, kind));
  return { network, port, cgroup };
}

function commandOf(
  qemu: readonly string[],
  number: number,
  hosting: Hosting | undefined,
  forks: Forks | undefined,
): readonly string[] {
  if (!hosting) return qemu;
  if (forks) return confineForkServer(hosting.confinement, forks.library, qemu);
  return confine(hosting.confinement, number, qemu);
}

/** QEMU can reach no path: it gets its sockets with their names. Nobody has to try until it listens. */
async function spawn(folder: string, { inherited, ...command }: QemuCommand): Promise<QemuProcess> {
  using bound = bindSockets(folder);
  return await QemuProcess.spawn({ ...command, inherited: [...bound.fds, ...inherited] });
}

/** The sockets of a guest, for QEMU to inherit as {@link QMP_FD} and {@link AGENT_FD}, or as these pass. */
export function bindSockets(folder: string): Disposable & { readonly fds: readonly number[] } {
  using sockets = new DisposableStack();
  const fds = [QMP_SOCKET, AGENT_SOCKET].map((file) =>
    sockets.adopt(bindUnixSocket(join(folder, file)), closeDescriptor),
  );
  const owned = sockets.move();
  return { fds, [Symbol.dispose]: () => owned.dispose() };
}

/** @param identity Undefined: the process has ended. */
export const writeIdentity = (folder: string, identity: ProcessIdentity | undefined): Promise<void> =>
  writeFile(join(folder, IDENTITY_FILE), JSON.stringify(identity ?? null));

/** Waits for the monitor, but no longer than QEMU lives. */
export async function connectMonitor(
  process: GuestProcess,
  path: string,
  signal: AbortSignal,
): Promise<QmpClient> {
  const ended = new AbortController();
  const connecting = QmpClient.connect({
    path,
    signal: AbortSignal.any([signal, ended.signal]),
  });
  try {
    const first = await Promise.race([connecting, process.exited]);
    if (first instanceof QmpClient) return first;
    throw first;
  } catch (error) {
    ended.abort(error);
    connecting.catch(() => {});
    signal.throwIfAborted();
    if (error instanceof QemuExitError) throw error;
    // A QEMU that ends closes its socket a little before it is known to have ended; its end says why.
    throw (await Promise.race([process.exited, sleep(END_GRACE_MS)])) ?? error;
  }
}
