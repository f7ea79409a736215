/** The guest's network device: its addresses, set and read by ioctl(2), see netdevice(7). */
import { closeSync, readFileSync, writeFileSync } from 'node:fs';
import type { NetworkExit, NetworkIdentity } from '../../src/protocol/messages.ts';
import { checked, libc } from './libc.ts';

/** The kernel's name for the first one; nothing in the guest renames it. */
export const DEVICE = 'eth0';

const AF_INET = 2;
const ARPHRD_ETHER = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const IFF_UP = 0x1;
const SIOCADDRT = 0x890b;
const SIOCDELRT = 0x890c;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCGIFADDR = 0x8915;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const SIOCSIFHWADDR = 0x8924;
/** `struct ifreq`: the device's name, then flags or an address, which its family precedes. */
const REQUEST_BYTES = 40;
const VALUE_OFFSET = 16;
const MAC_OFFSET = VALUE_OFFSET + 2;
/** A port comes first. */
const INET_OFFSET = VALUE_OFFSET + 4;
const INET_BYTES = 4;
/** `struct rtentry` of linux/route.h: three addresses, then flags; all zero, the destination is every address. */
const ROUTE_BYTES = 120;
const ROUTE = { destination: 8, gateway: 24, netmask: 40, flags: 56 } as const;
const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
/** In an identity: no address yet. */
const NO_ADDRESS = '0.0.0.0';
/** Names a server that no route leads to until there is a way out. Programs read it when they first look up a name. */
const RESOLVER_FILE = '/etc/resolv.conf';

/**
 * Gives the device its addresses and brings it up. It has no gateway: nothing outside its network is reached. One that has
 * an IP address loses it first, which the kernel takes longer for than to give one.
 * @returns What the device has now.
 * @throws {SystemCallError} When there is no device or it does not take them.
 */
export function setNetwork({ mac, address, prefixLength }: NetworkIdentity): {
  mac: string;
  address: string;
} {
  const socket = openSocket();
  // Plain bytes throughout: each function more that a clone calls for the first time costs it milliseconds.
  const request = Buffer.alloc(REQUEST_BYTES);
  request.write(DEVICE);
  const set = (what: string, code: number, family: number, value: Uint8Array, offset: number) => {
    request.fill(0, VALUE_OFFSET);
    request[VALUE_OFFSET] = family;
    request.set(value, offset);
    checked(what, libc.ioctl(socket, code, request));
  };
  try {
    set('set MAC', SIOCSIFHWADDR, ARPHRD_ETHER, Buffer.from(mac.replaceAll(':', ''), 'hex'), MAC_OFFSET);
    set('set address', SIOCSIFADDR, AF_INET, ipv4(address), INET_OFFSET);
    if (address !== NO_ADDRESS)
      set('set netmask', SIOCSIFNETMASK, AF_INET, netmask(prefixLength), INET_OFFSET);
    checked('read flags', libc.ioctl(socket, SIOCGIFFLAGS, request));
    const flags = request[VALUE_OFFSET] ?? 0;
    if ((flags & IFF_UP) === 0) {
      request[VALUE_OFFSET] = flags | IFF_UP;
      checked('bring up', libc.ioctl(socket, SIOCSIFFLAGS, request));
    }
    request.fill(0, VALUE_OFFSET);
    if (address !== NO_ADDRESS) checked('read address', libc.ioctl(socket, SIOCGIFADDR, request));
    return {
      mac: readFileSync(`/sys/class/net/${DEVICE}/address`, 'utf8').trim(),
      address: [...request.subarray(INET_OFFSET, INET_OFFSET + INET_BYTES)].join('.'),
    };
  } finally {
    closeSync(socket);
  }
}

/**
 * Leads every address outside of the guest's network to the gateway, and every question for a name to the resolver.
 * @throws {SystemCallError} When there is a way out already, or the gateway is not in the guest's network.
 */
export function setExit({ gateway, resolver }: NetworkExit): void {
  changeRoute('add route', SIOCADDRT, gateway);
  writeFileSync(RESOLVER_FILE, `nameserver ${resolver}\n`);
}

/**
 * Walks {@link setExit} once and undoes it. To be called before the guest is saved: else the engine compiles it in each
 * clone, while somebody waits. Measured: with this, a clone that is given a way out and asked for its figures uses 2
 * times the CPU time of one that is only asked; without, 11 times.
 * @throws {SystemCallError} When there is no device or it takes no addresses.
 */
export function rehearseExit(): void {
  const [own, other] = ['172.16.0.1', '172.16.0.2'] as const;
  const servers = readFileSync(RESOLVER_FILE);
  setNetwork({ mac: '52:54:00:10:00:01', address: own, prefixLength: 12 });
  setExit({ gateway: other, resolver: other });
  changeRoute('delete route', SIOCDELRT, other);
  writeFileSync(RESOLVER_FILE, servers);
}

function changeRoute(what: string, code: number, gateway: string): void {
  const route = Buffer.alloc(ROUTE_BYTES);
  for (const offset of [ROUTE.destination, ROUTE.gateway, ROUTE.netmask]) route[offset] = AF_INET;
  route.set(ipv4(gateway), ROUTE.gateway + INET_OFFSET - VALUE_OFFSET);
  route[ROUTE.flags] = RTF_UP | RTF_GATEWAY;
  const socket = openSocket();
  try {
    checked(what, libc.ioctl(socket, code, route));
  } finally {
    closeSync(socket);
  }
}

/** One that only the requests of this file go to. */
const openSocket = () => checked('socket', libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

const ipv4 = (address: string): Uint8Array => Buffer.from(address.split('.').map(Number));

function netmask(prefixLength: number): Uint8Array {
  const bits = -1 << (32 - prefixLength);
  return Buffer.from([bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff]);
}
