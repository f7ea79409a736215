/** The link between a router and its host. */
import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { sha256 } from '../lib/digest.ts';
import { EgressError } from './errors.ts';
import type { Link } from './host-rules.ts';

/** 198.18.0.0/15 is for benchmarks (RFC 2544), so no network in use has it. Each link takes four addresses of it. */
const FIRST_LINK = 0xc612_0000;
const LINKS = 2 ** 15;
const PREFIX_LENGTH = 30;

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

/**
 * The link of a server: the same at each start, so that it finds what it left, and another than other servers'. One
 * that is there keeps its addresses.
 * @param instance What no other server on this host has, as its data folder.
 * @param interfaces Of the host; one that a killed server left is taken over.
 * @throws {EgressError} When the host uses all addresses itself.
 */
export function linkOf(instance: string, interfaces: Interfaces = networkInterfaces()): Link {
  const digest = sha256(instance);
  const device = `cl${digest.slice(0, 12)}`;
  const taken = new Set(
    Object.entries(interfaces)
      .filter(([name]) => name !== device)
      .flatMap(([, addresses = []]) => addresses.map(({ address }) => address)),
  );
  const wanted = placeOf(interfaces[device]) ?? Number.parseInt(digest.slice(12, 20), 16);
  for (let tried = 0; tried < LINKS; tried += 1) {
    const base = FIRST_LINK + ((wanted + tried) % LINKS) * 4;
    const [host, router] = [dotted(base + 1), dotted(base + 2)];
    if (!taken.has(host) && !taken.has(router)) return { device, host, router, prefixLength: PREFIX_LENGTH };
  }
  throw new EgressError('every address of 198.18.0.0/15, for links between routers and host, is in use');
}

/** Which of the links has one of these as its host's end. */
function placeOf(addresses: readonly NetworkInterfaceInfo[] = []): number | undefined {
  const base = addresses
    .filter(({ address }) => isIPv4(address))
    .map(({ address }) => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0) - 1)
    .find((address) => address >= FIRST_LINK && address < FIRST_LINK + LINKS * 4 && address % 4 === 0);
  return base === undefined ? undefined : (base - FIRST_LINK) / 4;
}

/** IPv4 addresses of this host. */
export const hostAddresses = (interfaces: Interfaces = networkInterfaces()): string[] => [
  ...new Set(
    Object.values(interfaces)
      .flatMap((addresses = []) => addresses.map(({ address }) => address))
      .filter((address) => isIPv4(address)),
  ),
];

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
