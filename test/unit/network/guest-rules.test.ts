import { describe, expect, test } from 'bun:test';
import { BlockList } from 'node:net';
import fc from 'fast-check';
import { guestRemoval, guestRules } from '../../../src/network/guest-rules.ts';
import {
  type Destination,
  type EgressPolicy,
  NEVER,
  ON_REQUEST,
  parseDestination,
} from '../../../src/network/policy.ts';

const GUEST = { number: 5, address: '172.16.0.5', mac: '52:54:00:10:00:05' };
const HOST = ['9.9.0.2', '10.0.0.1'];

type Packet = { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number };

/** What the rules for new connections, as nft is given them, do with one. */
function verdict(policy: EgressPolicy, packet: Packet): string | undefined {
  const chain = /chain new_5 \{\n(.*?)\n {2}\}/s.exec(guestRules(GUEST, policy, HOST))?.[1] ?? '';
  for (const rule of chain.split('\n')) {
    const shape =
      /^ {4}(?:ip daddr \{ (?<blocks>[^}]+) \} )?(?:meta l4proto (?<protocol>\w+) )?(?:th dport (?<first>\d+)-(?<last>\d+) )?goto (?<target>\w+)$/;
    const found = shape.exec(rule)?.groups;
    if (!found) throw new Error(`a rule of an unknown shape: ${rule}`);
    const { blocks, protocol, first, last, target } = found;
    const fits =
      (blocks === undefined || isIn(packet.address, blocks.split(', '))) &&
      (protocol === undefined || protocol === packet.protocol) &&
      (first === undefined || (Number(first) <= packet.port && packet.port <= Number(last)));
    if (fits) return target;
  }
  return undefined;
}

/** A second opinion on what is in a block: Node's. */
function isIn(address: string, blocks: readonly string[]): boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [base = '', bits = '32'] = block.split('/');
    list.addSubnet(base, Number(bits));
  }
  return list.check(address);
}

const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');

/** An address of a block. */
function inside(block: string): fc.Arbitrary<string> {
  const [base = '', bits = '32'] = block.split('/');
  const first = base.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 }).map((offset) => dotted(first + offset));
}

const anyAddress = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(dotted);
/** As often as not one that a rule is about. */
const address = fc.oneof(
  anyAddress,
  fc.constantFrom(...NEVER, ...ON_REQUEST).chain(inside),
  fc.constantFrom(...HOST),
);
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(25, 53, 80, 443));

const destination: fc.Arbitrary<Destination> = fc
  .record({
    address,
    bits: fc.integer({ min: 0, max: 32 }),
    ports: fc.option(fc.tuple(port, port)),
  })
  .map((parts) => {
    const value = parts.address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
    const size = 2 ** (32 - parts.bits);
    const ports = parts.ports && { first: Math.min(...parts.ports), last: Math.max(...parts.ports) };
    return { cidr: `${dotted(Math.floor(value / size) * size)}/${parts.bits}`, ports };
  });

const policy: fc.Arbitrary<EgressPolicy> = fc.record({
  mode: fc.constant('egress'),
  allow: fc.array(destination, { maxLength: 6 }),
  deny: fc.array(destination, { maxLength: 6 }),
  kibPerSecond: fc.integer({ min: 1, max: 1_000_000 }),
  connections: fc.integer({ min: 1, max: 1_000 }),
});

const packet: fc.Arbitrary<Packet> = fc.record({ protocol: fc.constantFrom('tcp', 'udp'), address, port });

const has = (entry: Destination, { address: to, port: number }: Packet) =>
  isIn(to, [entry.cidr]) && (!entry.ports || (entry.ports.first <= number && number <= entry.ports.last));

/** Whether every address of a block is in one of the others. */
const isWithin = (block: string, others: readonly string[]) => {
  const [base = '', bits = '32'] = block.split('/');
  return others.some((other) => Number(other.split('/')[1]) <= Number(bits) && isIn(base, [other]));
};

const [ALLOWED, DENIED] = ['allowed_5', 'denied_5'];

describe('the rules of a guest', () => {
  test('have an answer for every new connection', () => {
    fc.assert(
      fc.property(policy, packet, (terms, to) => {
        expect([ALLOWED, DENIED]).toContain(verdict(terms, to) ?? 'nothing');
      }),
    );
  });

  test('open nothing that is never reachable, the host included, whatever the policy', () => {
    const never = fc.oneof(fc.constantFrom(...NEVER).chain(inside), fc.constantFrom(...HOST));
    fc.assert(
      fc.property(policy, packet, never, (terms, to, closed) => {
        const greedy = {
          ...terms,
          allow: [...terms.allow, parseDestination(closed), parseDestination('0.0.0.0/0')],
        };
        for (const tried of [terms, greedy]) {
          expect(verdict(tried, { ...to, address: closed })).toBe(DENIED);
        }
      }),
    );
  });

  test('open no other name server than the resolver', () => {
    fc.assert(
      fc.property(policy, packet, (terms, to) => {
        expect(verdict(terms, { ...to, port: 53 })).toBe(DENIED);
      }),
    );
  });

  test('open a block that has to be asked for only by an entry within it', () => {
    const onRequest = fc.constantFrom(...ON_REQUEST).chain(inside);
    fc.assert(
      fc.property(policy, packet, onRequest, (terms, { protocol, port: number }, to) => {
        const tried = { protocol, address: to, port: number };
        if (verdict(terms, tried) !== ALLOWED) return;
        const named = terms.allow.filter((entry) => isWithin(entry.cidr, ON_REQUEST) && has(entry, tried));
        expect(named).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('open mail between servers only by an entry with that port', () => {
    fc.assert(
      fc.property(policy, address, (terms, to) => {
        const tried = { protocol: 'tcp', address: to, port: 25 } as const;
        if (verdict(terms, tried) !== ALLOWED) return;
        expect(terms.allow.filter((entry) => entry.ports && has(entry, tried))).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('keep to both lists: what is denied is closed, and beside an allow list all is', () => {
    fc.assert(
      fc.property(policy, packet, (terms, to) => {
        if (verdict(terms, to) !== ALLOWED) return;
        expect(terms.deny.some((entry) => has(entry, to))).toBe(false);
        if (terms.allow.length > 0) expect(terms.allow.some((entry) => has(entry, to))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('do let through what nothing speaks against', () => {
    const open = (address: string, terms: Partial<EgressPolicy> = {}, number = 443) =>
      verdict(
        { mode: 'egress', allow: [], deny: [], kibPerSecond: 1, connections: 1, ...terms },
        { protocol: 'tcp', address, port: number },
      ) === ALLOWED;
    const allow = (...texts: string[]) => ({ allow: texts.map(parseDestination) });
    expect(open('1.2.3.4')).toBe(true);
    expect(open('1.2.3.4', allow('1.2.3.0/24:400-500'))).toBe(true);
    expect(open('10.1.2.3', allow('10.1.0.0/16'))).toBe(true);
    expect(open('10.1.2.3', allow('10.0.0.0/7'))).toBe(false);
    expect(open('11.1.2.3', allow('10.0.0.0/7'))).toBe(true);
    expect(open('1.2.3.4', allow('1.2.3.4:25'), 25)).toBe(true);
    expect(open('10.1.2.3', allow('10.1.2.3:25'), 25)).toBe(true);
    expect(open('10.1.2.3', allow('0.0.0.0/0:25'), 25)).toBe(false);
    expect(open('1.2.3.4', {}, 25)).toBe(false);
  });

  test('are all taken back', () => {
    const rules = guestRules(
      GUEST,
      { mode: 'egress', allow: [], deny: [], kibPerSecond: 1, connections: 1 },
      HOST,
    );
    const removal = guestRemoval(GUEST.number);
    for (const [, kind, name] of rules.matchAll(/^ +(chain|set) (\w+) \{/gm)) {
      expect(removal).toMatch(new RegExp(`^delete ${kind} (?:inet|netdev) codeland ${name}$`, 'm'));
    }
  });
});
