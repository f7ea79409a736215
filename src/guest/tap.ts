/** The third port of the hub that a guest's network device and its open end are on: a way out. */
import type { QmpClient } from 'node-qemu-qmp';

/** Where every guest's network device is; see the arguments that QEMU is started with. */
const HUB = 0;
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
