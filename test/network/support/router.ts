/** A look into the router that a port belongs to. */
import { libc } from '../../../src/lib/libc.ts';
import { closeDescriptor } from '../../../src/lib/posix.ts';
import { run } from '../../../src/network/command.ts';

/** The network namespace of a tap; linux/if_tun.h. */
const TUNGETDEVNETNS = 0x54e3;

/** Runs a command in the router's network. @param fd Of a connected port. */
export async function inRouter(fd: number, ...command: string[]): Promise<string> {
  const network = libc.ioctl(fd, TUNGETDEVNETNS, null);
  if (network < 0) throw new Error('the port is not connected');
  try {
    return await run(['nsenter', `--net=/proc/${process.pid}/fd/${network}`, ...command]);
  } finally {
    closeDescriptor(network);
  }
}

/** Packets and bytes that a guest's rate has dropped. @param direction Seen from the router. */
export async function policed(
  fd: number,
  number: number,
  direction: 'from' | 'to' = 'from',
): Promise<{ packets: number; bytes: number }> {
  const chain = await inRouter(fd, 'nft', 'list', 'chain', 'inet', 'codeland', `${direction}_${number}`);
  const found = /limit rate over .* counter packets (\d+) bytes (\d+) drop/.exec(chain);
  if (!found) throw new Error('a guest has no rate');
  return { packets: Number(found[1]), bytes: Number(found[2]) };
}
