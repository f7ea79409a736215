import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { Addresses, type AddressLease, GATEWAY } from '../../../src/network/addresses.ts';
import { thrown } from '../../support/failure.ts';

/** Addresses of a /12 but for the first, the gateway's and the last. */
const ALL = 2 ** 20 - 3;

/** An IPv4 address as a number. */
const numberOf = (address: string) =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

describe('Addresses', () => {
  test('begins at the start of the network', () => {
    const addresses = new Addresses();
    const [first, second] = [addresses.take(), addresses.take()];
    expect(first).toMatchObject({ address: '172.16.0.1', mac: '52:54:00:10:00:01', prefixLength: 12 });
    expect(second).toMatchObject({ address: '172.16.0.2', mac: '52:54:00:10:00:02', prefixLength: 12 });
  });

  test('gives an address that is free again to somebody else as late as possible', () => {
    const addresses = new Addresses();
    addresses.take()[Symbol.dispose]();
    expect(addresses.take().address).toBe('172.16.0.2');
  });

  test('gives all addresses but the first, that of the gateway and the last, then says that there are none', () => {
    const addresses = new Addresses();
    const leases: AddressLease[] = [];
    for (let count = 0; count < ALL; count += 1) leases.push(addresses.take());
    expect(new Set(leases.map(({ address }) => address)).size).toBe(ALL);
    expect(leases.at(-1)).toMatchObject({ address: '172.31.255.253', mac: '52:54:00:1f:ff:fd' });
    expect(GATEWAY).toBe('172.31.255.254');
    expect(thrown(() => addresses.take())).toBeInstanceOf(Error);
    // One that comes back is the one that is found, wherever it is.
    leases[777_777]?.[Symbol.dispose]();
    expect(addresses.take().address).toBe(leases[777_777]?.address ?? '');
    expect(thrown(() => addresses.take())).toBeInstanceOf(Error);
  }, 60_000);

  test('begins anew after the last address', () => {
    const addresses = new Addresses();
    for (let count = 0; count < ALL; count += 1) addresses.take()[Symbol.dispose]();
    expect(addresses.take().address).toBe('172.16.0.1');
  }, 60_000);

  test('takes an address back once: a second time does not free it for two', () => {
    const addresses = new Addresses();
    const first = addresses.take();
    first[Symbol.dispose]();
    for (let count = 1; count < ALL; count += 1) addresses.take()[Symbol.dispose]();
    const again = addresses.take();
    expect(again.address).toBe(first.address);
    first[Symbol.dispose]();
    for (let count = 1; count < ALL; count += 1) addresses.take()[Symbol.dispose]();
    expect(addresses.take().address).not.toBe(again.address);
  }, 60_000);

  test('never gives two live guests the same, nor one that is not of the network', () => {
    const step = fc.oneof(fc.constant<'take'>('take'), fc.nat());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const addresses = new Addresses();
        const live: AddressLease[] = [];
        for (const what of steps) {
          if (what === 'take') live.push(addresses.take());
          else if (live.length > 0) live.splice(what % live.length, 1)[0]?.[Symbol.dispose]();
          const numbers = live.map(({ address }) => numberOf(address));
          expect(new Set(numbers).size).toBe(live.length);
          expect(new Set(live.map(({ mac }) => mac)).size).toBe(live.length);
          for (const number of numbers) expect(number >>> 20).toBe(0xac1);
        }
      }),
    );
  });
});
