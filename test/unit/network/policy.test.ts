import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  DestinationError,
  formatDestination,
  isNever,
  NEVER,
  ON_REQUEST,
  opensMail,
  opensOnRequest,
  parseDestination,
} from '../../../src/network/policy.ts';
import { thrown } from '../../support/failure.ts';

function refusal(text: string): string {
  const error = thrown(() => parseDestination(text));
  if (error instanceof DestinationError) return error.message;
  throw error;
}

describe('a destination', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7/32', null],
    ['203.0.113.7/32', '203.0.113.7/32', null],
    ['203.0.113.0/24', '203.0.113.0/24', null],
    ['203.0.113.7:443', '203.0.113.7/32', { first: 443, last: 443 }],
    ['0.0.0.0/0:8000-8999', '0.0.0.0/0', { first: 8000, last: 8999 }],
    ['255.255.255.255:1-65535', '255.255.255.255/32', { first: 1, last: 65_535 }],
    ['128.0.0.0/1', '128.0.0.0/1', null],
  ])('is read: %s', (text, cidr, ports) => {
    expect(parseDestination(text)).toEqual({ cidr, ports });
  });

  test.each([
    ['203.0.113.7/24', 'bits are set after its prefix; write 203.0.113.0/24'],
    ['10.0.0.1/0', 'bits are set after its prefix; write 0.0.0.0/0'],
    ['203.0.113.0/33', 'the length of its prefix must be 0 to 32'],
    ['203.0.113.7:0', 'ports are 1 to 65535'],
    ['203.0.113.7:65536', 'ports are 1 to 65535'],
    ['203.0.113.7:1-65536', 'ports are 1 to 65535'],
    ['203.0.113.7:90-80', 'its ports run backwards; write 80-90'],
    ['::1', 'guests have no IPv6; give an IPv4 address'],
    ['2001:db8::/32', 'guests have no IPv6; give an IPv4 address'],
    ['[2001:db8::1]:443', 'guests have no IPv6; give an IPv4 address'],
  ])('is refused with the fix: %s', (text, why) => {
    expect(refusal(text)).toBe(`"${text}" is no destination: ${why}`);
  });

  test.each([
    ['a name', 'example.com'],
    ['a name with a port', 'example.com:443'],
    ['nothing', ''],
    ['three bytes', '10.0.0'],
    ['five bytes', '10.0.0.0.1'],
    ['a byte too large', '256.0.0.1'],
    ['a byte with zeros before it', '010.0.0.1'],
    ['an open range', '203.0.113.7:80-'],
    ['an empty port', '203.0.113.7:'],
    ['an empty prefix', '203.0.113.0/'],
    ['a blank before it', ' 203.0.113.7'],
    ['a line after it', '203.0.113.7\n'],
    ['rules after it', '203.0.113.7; flush ruleset'],
    ['a list', '203.0.113.7,203.0.113.8'],
    ['digits of another script', '٢٠٣.0.113.7'],
  ])('is refused with examples: %s', (_, text) => {
    expect(refusal(text)).toContain('give an IPv4 address or a block, with ports if not all, as 203.0.113.7');
  });

  test('is written as it is read', () => {
    for (const text of ['203.0.113.7', '203.0.113.0/24', '203.0.113.7:443', '0.0.0.0/0:8000-8999']) {
      expect(formatDestination(parseDestination(text))).toBe(text);
    }
  });

  test('of any text that is accepted is one address block with ports in order, and survives being written', () => {
    const part = fc.integer({ min: 0, max: 300 });
    const text = fc
      .tuple(
        part,
        part,
        part,
        part,
        fc.integer({ min: 0, max: 34 }),
        fc.integer({ min: 0, max: 70_000 }),
        fc.nat(70_000),
      )
      .map(([a, b, c, d, bits, first, last]) => `${a}.${b}.${c}.${d}/${bits}:${first}-${last}`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (given) => {
        let read: ReturnType<typeof parseDestination>;
        try {
          read = parseDestination(given);
        } catch (error) {
          if (error instanceof DestinationError) return;
          throw error;
        }
        expect(read.cidr).toMatch(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);
        if (read.ports) {
          expect(read.ports.first).toBeGreaterThan(0);
          expect(read.ports.last).toBeGreaterThanOrEqual(read.ports.first);
          expect(read.ports.last).toBeLessThan(65_536);
        }
        expect(parseDestination(formatDestination(read))).toEqual(read);
      }),
    );
  });
});

describe('an entry of the allow list', () => {
  test.each([
    '0.1.2.3',
    '100.100.100.200',
    '127.0.0.1',
    '168.63.129.16:80',
    '169.254.169.254',
    '169.254.0.0/16:80',
    '172.16.0.0/12',
    '172.31.255.254',
    '198.18.0.0/15',
    '198.19.255.255',
    '224.0.0.251',
    '239.255.255.250',
    '255.255.255.255',
  ])('opens nothing: %s', (text) => {
    expect(isNever(parseDestination(text))).toBe(true);
  });

  test.each([
    '0.0.0.0/0',
    '128.0.0.0/1',
    '172.0.0.0/8',
    '172.32.0.0',
    '168.63.129.17',
    '198.20.0.0',
    '8.8.8.8',
  ])('opens something: %s', (text) => {
    expect(isNever(parseDestination(text))).toBe(false);
  });

  test('opens a private range only from within it', () => {
    const opens = (text: string) => opensOnRequest(parseDestination(text));
    for (const text of ['10.0.0.0/8', '10.1.2.3:5432', '192.168.7.0/24', '100.127.0.0/16', '192.0.0.192']) {
      expect([text, opens(text)]).toEqual([text, true]);
    }
    for (const text of [
      '0.0.0.0/0:443',
      '8.0.0.0/6',
      '192.0.0.0/8',
      '100.128.0.0/16',
      '11.0.0.0/8',
      '8.8.8.8',
    ]) {
      expect([text, opens(text)]).toEqual([text, false]);
    }
  });

  test('opens the port of mail only when it names it', () => {
    const opens = (text: string) => opensMail(parseDestination(text));
    expect(['0.0.0.0/0:25', '0.0.0.0/0:20-25', '0.0.0.0/0:25-30'].map(opens)).toEqual([true, true, true]);
    expect(['0.0.0.0/0', '0.0.0.0/0:24', '0.0.0.0/0:26-30', '0.0.0.0/0:1-24'].map(opens)).not.toContain(true);
  });
});

test('the blocks are written as destinations are, and none is in both lists', () => {
  for (const block of [...NEVER, ...ON_REQUEST]) expect(parseDestination(block).cidr).toBe(block);
  for (const block of ON_REQUEST) expect(isNever(parseDestination(block))).toBe(false);
  for (const block of NEVER.filter((block) => block !== '100.100.100.200/32')) {
    expect(opensOnRequest(parseDestination(block))).toBe(false);
  }
});
