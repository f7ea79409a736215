/** Taps: network devices whose other end is a descriptor. See Documentation/networking/tuntap.rst of the kernel. */
import { openSync, readFileSync } from 'node:fs';
import { libc } from './libc.ts';

// Values from linux/if_tun.h and linux/if.h; the same on every architecture QEMU runs on.
const TUNSETIFF = 0x4004_54ca;
const TUNSETPERSIST = 0x4004_54cb;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;

/** `struct ifreq`: the name with its NUL, then here the flags. */
const IFREQ_BYTES = 40;
const NAME_BYTES = 16;

/**
 * A descriptor that can become a tap of the network namespace that it is opened in. Until then it does nothing, and
 * nobody can change that without CAP_NET_ADMIN in that namespace.
 * @throws {Error} A system error, when this host offers no taps.
 */
export const openTap = (): number => openSync('/dev/net/tun', 'r+');

/**
 * Makes a tap of a descriptor, once. It is down. It goes with the last copy of the descriptor.
 * @param name No other device of the namespace has it; up to 15 bytes.
 * @throws {Error} When the kernel refuses.
 */
export function attachTap(fd: number, name: string): void {
  const request = new Uint8Array(IFREQ_BYTES);
  const { written } = new TextEncoder().encodeInto(name, request.subarray(0, NAME_BYTES - 1));
  if (written !== Buffer.byteLength(name)) throw new Error(`too long for a device's name: ${name}`);
  new Uint16Array(request.buffer, NAME_BYTES, 1)[0] = IFF_TAP | IFF_NO_PI;
  if (libc.ioctl(fd, TUNSETIFF, request) !== 0) throw new Error(`the tap ${name} cannot be made`);
}

/** Undoes what whoever shares the descriptor can do without any right: have the tap outlive it. */
export function makeTapTransient(fd: number): void {
  libc.ioctl(fd, TUNSETPERSIST, null);
}

/**
 * @param info What `/proc/<pid>/fdinfo/<fd>` says of a descriptor.
 * @returns The device that it is attached to; undefined when it is none of a tap, or attached to none.
 */
export const tapIn = (info: string): string | undefined => /^iff:\t(\S+)$/m.exec(info)?.[1];

/** As {@link tapIn}, of a descriptor of this process. */
export const tapOf = (fd: number): string | undefined =>
  tapIn(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
