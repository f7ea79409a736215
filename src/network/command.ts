/** Runs iproute2's and nftables' commands, on this host's network or in another one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { bareEnvironment } from '../lib/child-environment.ts';
import type { NetworkNamespace } from '../lib/network-namespace.ts';
import { EgressError } from './errors.ts';

/** They take milliseconds; one that hangs is not to hold a guest's run for ever. */
const DEADLINE_MS = 10_000;

/** Descriptor number of a network namespace in a command. */
const NETWORK_FD = 3;

/** Path of the namespace that a command is given. */
export const GIVEN_NETWORK = `/proc/self/fd/${NETWORK_FD}`;

/** Where Debian has both, which is not on the search path of every root. */
const SYSTEM_FOLDERS = '/usr/sbin:/sbin';

export type Surroundings = {
  /** What the command reads. */
  readonly input?: string;
  /** A network that it can name, as {@link GIVEN_NETWORK}. */
  readonly network?: NetworkNamespace;
};

/**
 * Waits for the end of a command.
 * @returns What it printed.
 * @throws {EgressError} When it cannot be started, fails or takes too long, with what it said.
 */
export async function run(
  command: readonly string[],
  { input, network }: Surroundings = {},
): Promise<string> {
  const [program = '', ...args] = command;
  const environment = bareEnvironment();
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...environment, PATH: `${environment['PATH']}:${SYSTEM_FOLDERS}` },
    stdio: ['pipe', 'pipe', 'pipe', ...(network ? [network.fd] : [])],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new EgressError(`${program} could not be started`);
  // One that ends without reading says why in its messages.
  stdin.on('error', () => {});
  stdin.end(input);
  try {
    const [printed, said, [status, signal]] = await Promise.all([
      text(stdout),
      text(stderr),
      once(child, 'close'),
    ]);
    if (status === 0) return printed;
    const how = signal ? `was ended by ${signal}` : `failed with status ${status}`;
    throw new EgressError(`${command.join(' ')} ${how}: ${said.trim()}`);
  } catch (error) {
    if (error instanceof EgressError) throw error;
    throw new EgressError(`${program} could not be started`, { cause: error });
  }
}

/** As {@link run}, but within a network. */
export const runIn = (
  network: NetworkNamespace,
  command: readonly string[],
  input?: string,
): Promise<string> =>
  run(['nsenter', `--net=${GIVEN_NETWORK}`, ...command], { network, ...(input !== undefined && { input }) });

/** nft(8), all of the input or nothing of it. */
export const NFT_BATCH = ['nft', '-f', '-'];

/** ip(8), a command a line, until one fails. */
export const IP_BATCH = ['ip', '-batch', '-'];

/**
 * Removes a device of this host's network, or of another one. Does nothing when there is none.
 * @throws {EgressError} When it cannot be removed.
 */
export async function removeDevice(device: string, network?: NetworkNamespace): Promise<void> {
  const command = ['ip', 'link', 'delete', device];
  try {
    await (network ? runIn(network, command) : run(command));
  } catch (error) {
    if (!(error instanceof EgressError) || !error.message.includes('Cannot find device')) throw error;
  }
}
