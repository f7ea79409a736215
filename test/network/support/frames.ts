/** Ethernet frames as a program makes them that is root of its guest, or has taken over its QEMU. */

export type Ends = {
  readonly fromMac: string;
  readonly toMac: string;
  /** IPv4 addresses. */
  readonly from: string;
  readonly to: string;
};

const macBytes = (mac: string) => mac.split(':').map((byte) => Number.parseInt(byte, 16));
const addressBytes = (address: string) => address.split('.').map(Number);
const word = (value: number) => [value >> 8, value & 0xff];

/** The sum of the internet's headers (RFC 1071). */
function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2)
    sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

const ethernet = ({ fromMac, toMac }: Ends, type: number, payload: readonly number[]) =>
  Uint8Array.from([...macBytes(toMac), ...macBytes(fromMac), ...word(type), ...payload]);

export type Variation = {
  /** Of the IP header, as it is on the wire: flags and offset. */
  readonly fragment?: number;
  /** IP options; a multiple of four bytes. */
  readonly options?: readonly number[];
  readonly protocol?: number;
};

/** A datagram of UDP; its sum is left out, as UDP allows. */
export function udpFrame(ends: Ends, port: number, text: string, variation: Variation = {}): Uint8Array {
  const { fragment = 0, options = [], protocol = 17 } = variation;
  const data = [...new TextEncoder().encode(text)];
  const udp = [...word(40_000), ...word(port), ...word(8 + data.length), 0, 0, ...data];
  const headerBytes = 20 + options.length;
  const header = (sum: number) => [
    ...[0x40 | (headerBytes / 4), 0, ...word(headerBytes + udp.length)],
    ...[0, 1, ...word(fragment), 64, protocol, ...word(sum)],
    ...[...addressBytes(ends.from), ...addressBytes(ends.to), ...options],
  ];
  return ethernet(ends, 0x0800, [...header(checksum(header(0))), ...udp]);
}

/** Asks who has `to`, in the name of `from` (RFC 826). */
export const arpFrame = (ends: Ends): Uint8Array =>
  ethernet({ ...ends, toMac: 'ff:ff:ff:ff:ff:ff' }, 0x0806, [
    ...[0, 1, 8, 0, 6, 4, 0, 1],
    ...[...macBytes(ends.fromMac), ...addressBytes(ends.from)],
    ...[0, 0, 0, 0, 0, 0, ...addressBytes(ends.to)],
  ]);

/** An echo request over IPv6 to all nodes of the link (RFC 4443): every host answers it. */
export function ipv6Frame(fromMac: string): Uint8Array {
  const from = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
  const to = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const echo = (sum: number) => [128, 0, ...word(sum), 0, 1, 0, 1];
  const pseudo = [...from, ...to, 0, 0, ...word(8), 0, 0, 0, 58];
  const packet = [0x60, 0, 0, 0, ...word(8), 58, 255, ...from, ...to];
  const sum = checksum([...pseudo, ...echo(0)]);
  return ethernet({ fromMac, toMac: '33:33:00:00:00:01', from: '', to: '' }, 0x86dd, [
    ...packet,
    ...echo(sum),
  ]);
}
