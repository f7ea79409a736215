/** The hub's third port: what a guest's network device and its open end are joined to when there is a way out. */
import type { QmpClient } from 'node-qemu-qmp';

/** The hub that every guest's network device is on; see the arguments that QEMU is started with. */
export const HUB = 0;
const TAP = 'tap';

/**
 * Joins a guest's network device to a tap.
 * @param fd Number in QEMU of a descriptor that is attached to the tap.
 * @throws {QmpCommandError | QmpDisconnectedError} When QEMU does not take it.
 */
export async function attachTap(qmp: QmpClient, fd: number): Promise<void> {
  await qmp.execute('netdev_add', { type: 'tap', id: TAP, fd: String(fd) });
  await qmp.execute('netdev_add', { type: 'hubport', id: `${TAP}-port`, hubid: HUB, netdev: TAP });
}
