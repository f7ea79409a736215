/** From a description to a running QEMU whose monitor and agent socket are connected. */
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QmpClient } from 'node-qemu-qmp';
import { identifyProcess } from '../lib/process-identity.ts';
import type { Addresses } from './addresses.ts';
import { AgentLink } from './agent-link.ts';
import { type GuestSpec, guestArguments } from './command-line.ts';
import { type Confinement, confine, userOf } from './confinement.ts';
import { Guest } from './guest.ts';
import { QEMU_BINARY } from './qemu.ts';
import { QemuProcess } from './qemu-process.ts';

/** Longest path of a Unix socket, bytes: `sun_path` less its NUL, unix(7). */
const SOCKET_PATH_LIMIT = 107;

/** QEMU's own folder in the guest's, with its sockets. */
const QEMU_FOLDER = 'qemu';

/** File in a guest's folder that tells whose process it is, so that a later server can end what was left over. */
export const IDENTITY_FILE = 'process.json';

export type LaunchRequest = Omit<GuestSpec, 'link' | 'qmpSocket' | 'agentSocket'> & {
  /** Gives the guest its address, which goes back when the guest is disposed of. */
  readonly addresses: Addresses;
  /** The guest's own folder on the host; made here, removed when the guest is disposed of. */
  readonly folder: string;
  /** Descriptors that QEMU inherits as 3, 4, … */
  readonly inherited?: readonly number[];
  /** What holds its QEMU; nothing without one, which is for guests that run our own programs alone. */
  readonly confinement?: Confinement;
  readonly signal: AbortSignal;
};

/**
 * Starts a guest's QEMU, its CPU stopped.
 * @throws {QemuExitError} When QEMU ends instead, with its arguments and the end of its log.
 * @throws {AgentLinkError | QmpConnectError} When a socket cannot be reached.
 * @throws The signal's reason when it is aborted.
 */
export async function launchGuest(request: LaunchRequest): Promise<Guest> {
  const { addresses, folder, inherited = [], confinement, signal, ...spec } = request;
  const link = `net-${spec.name}`;
  const own = join(folder, QEMU_FOLDER);
  const socket = { qmp: 'qmp.sock', agent: 'agent.sock' };
  const agentSocket = join(own, socket.agent);
  if (Buffer.byteLength(agentSocket) > SOCKET_PATH_LIMIT) {
    throw new Error(`the data folder's path is too long for sockets: ${agentSocket} exceeds 107 bytes`);
  }
  await using stack = new AsyncDisposableStack();
  const network = stack.use(addresses.take());
  await mkdir(own, { recursive: true, mode: 0o700 });
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const user = confinement && userOf(confinement, network.number);
  if (typeof user === 'number') await chown(own, user, user);
  // Relative to its folder: QEMU's user need not be able to reach it from the root.
  const args = guestArguments({ ...spec, link, qmpSocket: socket.qmp, agentSocket: socket.agent });
  const qemu = [QEMU_BINARY, ...args];
  const command = confinement ? confine(confinement, network.number, qemu) : qemu;
  const process = stack.use(await QemuProcess.spawn({ command, folder: own, inherited }));
  const identity = await identifyProcess(process.pid);
  await writeFile(join(folder, IDENTITY_FILE), JSON.stringify(identity ?? null));
  const qmp = stack.use(await connectMonitor(process, join(own, socket.qmp), signal));
  const agent = stack.use(await AgentLink.connect(agentSocket));
  stack.move();
  return new Guest({ name: spec.name, link, network, folder, process, qmp, agent });
}

/** Waits for the monitor, but no longer than QEMU lives. */
async function connectMonitor(process: QemuProcess, path: string, signal: AbortSignal): Promise<QmpClient> {
  const ended = new AbortController();
  const connecting = QmpClient.connect({
    path,
    waitForSocket: true,
    signal: AbortSignal.any([signal, ended.signal]),
  });
  const first = await Promise.race([connecting, process.exited]);
  if (first instanceof QmpClient) return first;
  ended.abort(first);
  connecting.catch(() => {});
  throw first;
}
