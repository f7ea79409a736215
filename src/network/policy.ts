/** What a guest may reach on the network: nothing, or what its key's policy says. Only IPv4 is ever reached. */
import { isIPv4, isIPv6 } from 'node:net';

export type NetworkPolicy = { readonly mode: 'none' } | EgressPolicy;

/** A way out, for TCP and UDP. Nobody comes in. */
export type EgressPolicy = {
  readonly mode: 'egress';
  /**
   * When not empty, nothing else can be reached. The only way to a block of {@link ON_REQUEST}, by an entry within that
   * block, and to TCP port 25, by an entry with that port among its ports: see {@link opensOnRequest}.
   */
  readonly allow: readonly Destination[];
  /** Never reached. Wins over `allow`. */
  readonly deny: readonly Destination[];
  /** KiB/s at most, in each direction. */
  readonly kibPerSecond: number;
  /** Connections at once at most. */
  readonly connections: number;
};

export type Destination = {
  /** IPv4, always with a prefix length, and without bits after it: `203.0.113.7/32`. */
  readonly cidr: string;
  /** `null`: all. */
  readonly ports: PortRange | null;
};

/** Both ends belong to it. */
export type PortRange = { readonly first: number; readonly last: number };

export const NO_NETWORK: NetworkPolicy = { mode: 'none' };

export const DEFAULT_KIB_PER_SECOND = 10_240;
export const DEFAULT_CONNECTIONS = 64;
/** Entries of each list of a policy: the kernel takes a guest's rules in milliseconds while its run waits. */
export const MOST_DESTINATIONS = 100;

/**
 * What no guest reaches, whatever its policy says. A host's own private network within 172.16.0.0/12 is out of reach
 * for that reason: those addresses are the guests'. The special-purpose blocks, here and in {@link ON_REQUEST}, are
 * those of https://www.iana.org/assignments/iana-ipv4-special-registry (RFC 6890) that are not globally reachable.
 */
export const NEVER: readonly string[] = [
  /** "This network" (RFC 791). */
  '0.0.0.0/8',
  /** The metadata service of Alibaba Cloud (its ECS guide, "View instance metadata"). */
  '100.100.100.200/32',
  /** Loopback (RFC 1122). */
  '127.0.0.0/8',
  /** The wire server of Azure's platform (its documentation, "What is IP address 168.63.129.16?"). */
  '168.63.129.16/32',
  /** Link-local (RFC 3927), and the metadata service of most clouds. */
  '169.254.0.0/16',
  /** The guests, of this host and of others. */
  '172.16.0.0/12',
  /** Benchmarks (RFC 2544): what links the guests' router with its host. */
  '198.18.0.0/15',
  /** Multicast (RFC 5771). */
  '224.0.0.0/4',
  /** Reserved (RFC 1112), and the broadcast address. */
  '240.0.0.0/4',
];

/** What a guest reaches only when `allow` has an entry within the block: `0.0.0.0/0:443` opens none of them. */
export const ON_REQUEST: readonly string[] = [
  /** Private (RFC 1918). */
  '10.0.0.0/8',
  /** Between a provider and its customers (RFC 6598). */
  '100.64.0.0/10',
  /** Assignments of the IETF (RFC 6890). */
  '192.0.0.0/24',
  /** Documentation (RFC 5737). */
  '192.0.2.0/24',
  /** What was the way to 6to4 (RFC 7526). */
  '192.88.99.0/24',
  /** Private (RFC 1918). */
  '192.168.0.0/16',
  /** Documentation (RFC 5737). */
  '198.51.100.0/24',
  '203.0.113.0/24',
];

/** Mail between servers: what abuse of a way out aims at first. */
export const MAIL_PORT = 25;

/** A destination that cannot be used. Says what it may be. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
}

/**
 * A destination as text: an IPv4 address or a block, and a port or a range of ports if not all:
 * `203.0.113.7`, `203.0.113.0/24`, `203.0.113.7:443`, `0.0.0.0/0:8000-8999`.
 * @throws {DestinationError} For any other text.
 */
export function parseDestination(text: string): Destination {
  const fail = (why: string) => new DestinationError(`"${text}" is no destination: ${why}`);
  const found =
    /^(?<address>[\d.]{7,15})(?:\/(?<length>\d{1,2}))?(?::(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?)?$/.exec(
      text,
    );
  const { address = '', length = '32', first, last = first } = found?.groups ?? {};
  if (!isIPv4(address)) {
    if (isIPv6(text.replace(/^\[|\].*$|\/.*$/g, ''))) throw fail('guests have no IPv6; give an IPv4 address');
    throw fail(
      'give an IPv4 address or a block, with ports if not all, as 203.0.113.7, 203.0.113.0/24:443 or 0.0.0.0/0:8000-8999',
    );
  }
  const bits = Number(length);
  if (bits > 32) throw fail('the length of its prefix must be 0 to 32');
  const base = startOf(address, bits);
  if (base !== address) throw fail(`bits are set after its prefix; write ${base}/${bits}`);
  const cidr = `${base}/${bits}`;
  if (first === undefined || last === undefined) return { cidr, ports: null };
  const ports = { first: Number(first), last: Number(last) };
  if (ports.first < 1 || ports.last > 65_535) throw fail('ports are 1 to 65535');
  if (ports.first > ports.last) throw fail(`its ports run backwards; write ${ports.last}-${ports.first}`);
  return { cidr, ports };
}

/** As {@link parseDestination} reads it, and as short as it can be. */
export function formatDestination({ cidr, ports }: Destination): string {
  const block = cidr.endsWith('/32') ? cidr.slice(0, -3) : cidr;
  if (ports === null) return block;
  return `${block}:${ports.first === ports.last ? ports.first : `${ports.first}-${ports.last}`}`;
}

/** Whether no guest reaches anything of this destination, whatever its policy says. */
export const isNever = ({ cidr }: Destination): boolean => isWithinAny(cidr, NEVER);

/**
 * Whether an entry of `allow` opens its destination although it is in a block of {@link ON_REQUEST}. What such an
 * entry has of {@link NEVER} stays closed.
 */
export const opensOnRequest = ({ cidr }: Destination): boolean => isWithinAny(cidr, ON_REQUEST);

/** Whether an entry of `allow` opens TCP port 25 of its destination. */
export const opensMail = ({ ports }: Destination): boolean =>
  ports !== null && ports.first <= MAIL_PORT && MAIL_PORT <= ports.last;

const isWithinAny = (cidr: string, blocks: readonly string[]) =>
  blocks.some((block) => isWithin(cidr, block));

function isWithin(inner: string, outer: string): boolean {
  const [address = '', bits] = inner.split('/');
  const [base, outerBits] = outer.split('/');
  return Number(bits) >= Number(outerBits) && startOf(address, Number(outerBits)) === base;
}

/** The first address of the block of this many bits that an address is in. */
function startOf(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - bits);
  const start = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => (start >>> shift) & 0xff).join('.');
}
