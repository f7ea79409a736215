/** Has the test's own thread, and what it starts, on another network for a while. */
import { closeSync, openSync } from 'node:fs';
import { libc } from '../../../src/lib/libc.ts';
import type { NetworkNamespace } from '../../../src/lib/network-namespace.ts';

/** From linux/sched.h. */
const CLONE_NEWNET = 0x4000_0000;

/**
 * Goes there until it is disposed of. Nothing else may go on in the test meanwhile.
 * @throws {Error} When the kernel refuses.
 */
export function stay(network: NetworkNamespace): Disposable {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  if (libc.setns(network.fd, CLONE_NEWNET) !== 0) {
    closeSync(home);
    throw new Error('the test cannot enter its network');
  }
  return {
    [Symbol.dispose]: () => {
      const isHome = libc.setns(home, CLONE_NEWNET) === 0;
      closeSync(home);
      if (!isHome) process.kill(process.pid, 'SIGKILL');
    },
  };
}
