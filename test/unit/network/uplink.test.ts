import { describe, expect, test } from 'bun:test';
import type { NetworkInterfaceInfo } from 'node:os';
import fc from 'fast-check';
import { hostAddresses, linkOf } from '../../../src/network/uplink.ts';

const having = (address: string): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: `${address}/24`,
});

describe('linkOf', () => {
  test('gives both ends an address of one /30 in 198.18.0.0/15, and a name that a device may have', () => {
    fc.assert(
      fc.property(fc.string(), (instance) => {
        const { device, host, router, prefixLength } = linkOf(instance, {});
        expect(prefixLength).toBe(30);
        expect(device).toMatch(/^cl[0-9a-f]{12}$/);
        expect(Buffer.byteLength(device)).toBeLessThan(16);
        const [ends, networks] = [
          [host, router].map((address) => address.split('.').map(Number)),
          [host, router].map((address) => address.replace(/\d+$/, (last) => String(Number(last) & ~3))),
        ];
        for (const [a, b] of ends) expect(a === 198 && (b === 18 || b === 19)).toBe(true);
        expect(ends.map((bytes) => (bytes[3] ?? 0) % 4)).toEqual([1, 2]);
        expect(new Set(networks).size).toBe(1);
      }),
    );
  });

  test('is the same for the same server, also when it finds what it left, and another for another', () => {
    const link = linkOf('/one', {});
    expect(linkOf('/one', { [link.device]: [having(link.host)] })).toEqual(link);
    expect(linkOf('/two', {}).device).not.toBe(link.device);
    expect(linkOf('/two', {}).host).not.toBe(link.host);
  });

  test('keeps the addresses that it was given while others were taken', () => {
    const wanted = linkOf('/one', {});
    const given = linkOf('/one', { eth0: [having(wanted.host)] });
    const mine = [having('fe80::1'), having(given.host)];
    expect(linkOf('/one', { [given.device]: mine })).toEqual(given);
    // None that it can have been given.
    for (const address of ['10.0.0.1', '198.18.0.2', '198.20.0.1', '198.17.255.253']) {
      expect(linkOf('/one', { [given.device]: [having(address)] })).toEqual(wanted);
    }
  });

  test('passes over addresses that another device has', () => {
    const link = linkOf('/one', {});
    const other = linkOf('/one', { eth0: [having(link.router)] });
    expect(other.device).toBe(link.device);
    expect([other.host, other.router]).not.toContain(link.router);
    expect(other.host).not.toBe(link.host);
  });
});

test('the addresses of a host are those of IPv4, each once', () => {
  const v6 = { ...having('fe80::1'), family: 'IPv6', scopeid: 1, cidr: null } as const;
  expect(
    hostAddresses({ lo: [having('127.0.0.1'), v6], a: [having('127.0.0.1'), having('10.0.0.1')] }),
  ).toEqual(['127.0.0.1', '10.0.0.1']);
});
