/** From a guest that an earlier server left running to one of this server's: its process found, its links made anew. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { QmpClient } from 'node-qemu-qmp';
import { within } from '../lib/deadline.ts';
import type { ConnectedGuest, NetworkPort } from '../network/port.ts';
import { AdoptedProcess } from './adopted-process.ts';
import { AgentLink } from './agent-link.ts';
import { Guest } from './guest.ts';
import type { Hosting } from './hosting.ts';
import { AGENT_SOCKET, QMP_SOCKET } from './launch.ts';
import { findLeftover } from './leftovers.ts';

/** A guest as it was written down. */
export type LeftGuest = {
  readonly name: string;
  /** Of the guest on this host. */
  readonly number: number;
  /** The guest's own folder. */
  readonly folder: string;
};

/** How long a guest may take to answer, ms. QEMU does in milliseconds, and an agent whose CPU is busy within a second. */
const ANSWER_DEADLINE_MS = 20_000;

/** A guest cannot be taken over. */
export class AdoptionError extends Error {
  override readonly name = 'AdoptionError';
}

/**
 * Takes a guest over. Its CPU runs afterwards.
 * @param options.adoptPort Finds the way out that it was given; without, it was given none.
 * @throws {AdoptionError} When it has ended, its way out is gone, or it does not answer. Nothing of it is left then.
 */
export async function adoptGuest(
  { name, number, folder }: LeftGuest,
  hosting: Hosting,
  { adoptPort }: { readonly adoptPort?: (guest: ConnectedGuest) => NetworkPort | null } = {},
): Promise<Guest> {
  const identity = await findLeftover(folder);
  if (!identity) throw new AdoptionError(`the guest ${name} ended while no server ran`);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const network = stack.use(hosting.addresses.adopt(number));
  const cgroup = stack.use(hosting.cgroups.adopt(name));
  const process = new AdoptedProcess(identity);
  stack.defer(async () => {
    process.kill();
    await process.exited;
  });
  const host = adoptPort?.({ number, address: network.address, mac: network.mac });
  if (host === null) throw new AdoptionError(`the way out of the guest ${name} is gone`);
  if (host) stack.use(host);
  try {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const qmp = stack.use(await QmpClient.connect({ path: join(folder, QMP_SOCKET), signal }));
    await within(ANSWER_DEADLINE_MS, 'the guest to go on', goOn(qmp));
    // Its agent has to answer.
    const agent = stack.use(await AgentLink.attach(join(folder, AGENT_SOCKET)));
    stack.move();
    const port = host && { host, qemuFd: null };
    return new Guest({ name, network, folder, process, qmp, agent, port, cgroup });
  } catch (cause) {
    throw new AdoptionError(`the guest ${name} does not answer`, { cause });
  }
}

/** A server may have ended just before it let the CPU run. */
async function goOn(qmp: QmpClient): Promise<void> {
  const { running } = await qmp.execute('query-status');
  if (!running) await qmp.execute('cont');
}
