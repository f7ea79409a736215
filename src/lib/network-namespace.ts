/**
 * Network namespaces without a process of their own: each exists for as long as a descriptor of it, or a device or
 * socket in it, is open. See network_namespaces(7). Needs root.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { libc } from './libc.ts';

/** From linux/sched.h. */
const CLONE_NEWNET = 0x4000_0000;

/** From linux/sockios.h: the network of a socket or of a tap's descriptor. */
const SIOCGSKNS = 0x894c;

/** The namespace of this very thread; the other threads of the process stay where they are. */
const OF_THREAD = '/proc/thread-self/ns/net';

/** An empty network: a loopback that is down. */
export class NetworkNamespace implements Disposable {
  /** For a child to inherit. */
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** @throws {Error} When the kernel refuses. */
  static create(): NetworkNamespace {
    return elsewhere(
      () => libc.unshare(CLONE_NEWNET),
      () => new NetworkNamespace(openSync(OF_THREAD, 'r')),
    );
  }

  /**
   * The network that a tap's descriptor belongs to.
   * @throws {Error} When it is no such descriptor, or without CAP_NET_ADMIN in that network.
   */
  static ofTap(fd: number): NetworkNamespace {
    const network = libc.ioctl(fd, SIOCGSKNS, null);
    if (network < 0) throw new Error('the network of a tap cannot be had');
    return new NetworkNamespace(network);
  }

  /** Whether both are the same network. */
  is(other: NetworkNamespace): boolean {
    return fstatSync(this.fd, { bigint: true }).ino === fstatSync(other.fd, { bigint: true }).ino;
  }

  /** A path that root can open while this is not disposed of. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.fd}`;
  }

  /**
   * Does something in this network: what it opens belongs to it, and `/proc/sys/net` is this network's.
   * @param work Not asynchronous: whatever else this thread did meanwhile would happen here.
   * @throws {Error} When the kernel refuses, and what the work throws.
   */
  enter<T>(work: () => T extends PromiseLike<unknown> ? never : T): T {
    return elsewhere(() => libc.setns(this.fd, CLONE_NEWNET), work);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

function elsewhere<T>(leave: () => number, work: () => T): T {
  const home = openSync(OF_THREAD, 'r');
  try {
    if (leave() !== 0) throw new Error('this process may not enter another network namespace');
    try {
      return work();
    } finally {
      // A server that went on here would be cut off from its clients, and reachable for guests.
      if (libc.setns(home, CLONE_NEWNET) !== 0) process.kill(process.pid, 'SIGKILL');
    }
  } finally {
    closeSync(home);
  }
}
