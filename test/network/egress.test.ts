import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'bun:test';
import { writeSync } from 'node:fs';
import { libc } from '../../src/lib/libc.ts';
import { GATEWAY } from '../../src/network/addresses.ts';
import { NFT_BATCH, run } from '../../src/network/command.ts';
import { Egress } from '../../src/network/egress.ts';
import type { EgressPolicy } from '../../src/network/policy.ts';
import { parseDestination } from '../../src/network/policy.ts';
import type { ConnectionRecord } from '../../src/network/port.ts';
import { linkOf } from '../../src/network/uplink.ts';
import { arpFrame, ipv6Frame, udpFrame } from './support/frames.ts';
import {
  ELSEWHERE,
  HOST,
  HOST_PORT,
  INTERNET,
  identityOf,
  Lab,
  Machine,
  METADATA,
  NAME_SERVER,
  NEIGHBOUR,
  OPEN,
  OTHERS,
  UDP_PORT,
} from './support/lab.ts';
import { inRouter, policed } from './support/router.ts';

/** Of the host; belongs to a neighbour. */
const PUBLISHED_PORT = 8443;

/** From linux/if_tun.h. */
const TUNSETPERSIST = 0x4004_54cb;

const INSTANCE = '/a/data/folder';

let lab: Lab;
let egress: Egress;
let faults: Error[];
let machines: AsyncDisposableStack;

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)('a machine with a way out', () => {
  beforeAll(async () => {
    lab = await Lab.open();
    faults = [];
    egress = await Egress.open({
      instance: INSTANCE,
      resolvers: [NAME_SERVER],
      onFault: (error) => faults.push(error),
    });
  });
  afterAll(async () => {
    await egress[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    machines = new AsyncDisposableStack();
    await lab.world.arrivals();
    await lab.host.arrivals();
  });
  afterEach(async () => {
    await machines.disposeAsync();
    expect(faults).toEqual([]);
  });

  const connect = async (number: number, policy: Partial<EgressPolicy> = {}) =>
    machines.use(await Machine.connect(egress.port(), number, { ...OPEN, ...policy }));

  const destinations = (...texts: string[]) => texts.map(parseDestination);

  /** What the router has written down of a destination. */
  const records = async (machine: Machine, destination: string): Promise<ConnectionRecord[]> =>
    (await machine.port.report())?.connections.filter((record) => record.destination === destination) ?? [];

  /** Hardware address of the router on a machine's cable. */
  async function gatewayOf(machine: Machine): Promise<string> {
    await machine.peer.tcp(GATEWAY, 1);
    const found = /lladdr ([0-9a-f:]{17})/.exec(await machine.configure(`neighbour show ${GATEWAY}`));
    if (!found?.[1]) throw new Error('the router did not say who it is');
    return found[1];
  }

  /** Has the host pass one of its ports on to another machine, as container engines do. */
  async function publish(): Promise<AsyncDisposable> {
    await run(NFT_BATCH, {
      input: `table ip published {
        chain in {
          type nat hook prerouting priority dstnat; policy accept;
          ip daddr ${HOST} tcp dport ${PUBLISHED_PORT} dnat to ${NEIGHBOUR}:80
        }
        chain out {
          type nat hook postrouting priority srcnat; policy accept;
          ip daddr ${NEIGHBOUR} masquerade
        }
      }`,
    });
    const published = new AsyncDisposableStack();
    published.defer(async () => {
      await run(['nft', 'delete', 'table', 'ip', 'published']);
    });
    return published;
  }

  it('reaches the internet, and is seen there as the host', async () => {
    const { peer } = await connect(1);
    expect(await peer.tcp(INTERNET, 80)).toEqual({ ok: true, text: `${INTERNET}:80 from ${HOST}` });
    expect(await peer.udp(INTERNET, UDP_PORT)).toEqual({
      ok: true,
      text: `${INTERNET}:${UDP_PORT} from ${HOST}`,
    });
  });

  it('looks names up at the gateway, and the resolver keeps which', async () => {
    const { peer, attachment, port } = await connect(1);
    expect(attachment).toEqual({ gateway: GATEWAY, resolver: GATEWAY });
    expect(await peer.lookUp(attachment.resolver, 'example.com')).toEqual({ ok: true, text: INTERNET });
    expect((await port.report())?.names).toContainEqual({
      name: 'example.com',
      type: 'A',
      count: 1,
      verdict: 'answered',
    });
  });

  describe('never reaches', () => {
    const closed = [METADATA, NEIGHBOUR, ...OTHERS];

    it('what is private, link-local, shared or special, which the host itself does reach', async () => {
      for (const address of closed) {
        expect(await lab.host.tcp(address, 80)).toMatchObject({ ok: true });
        expect(await lab.host.udp(address, UDP_PORT)).toMatchObject({ ok: true });
      }
      await lab.world.arrivals();
      // An entry that has everything in it names none of these.
      const everything = destinations('0.0.0.0/0', '0.0.0.0/0:1-65535');
      for (const [index, allow] of [[], everything].entries()) {
        const { peer } = await connect(index + 1, { allow });
        for (const address of closed) {
          expect(await peer.tcp(address, 80)).toMatchObject({ ok: false });
          expect(await peer.udp(address, UDP_PORT)).toMatchObject({ ok: false });
        }
        expect(await lab.world.arrivals()).toEqual([]);
        expect(await peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
        await lab.world.arrivals();
      }
    }, 240_000);

    it('what no policy opens, even when it is named', async () => {
      const never = [METADATA, '172.20.0.9', '168.63.129.16', '100.100.100.200', '127.0.0.1', '198.18.0.1'];
      const { peer } = await connect(1, { allow: destinations(...never, HOST, linkOf(INSTANCE).host) });
      for (const address of never) expect(await peer.tcp(address, 80)).toMatchObject({ ok: false });
      for (const address of [HOST, linkOf(INSTANCE).host, linkOf(INSTANCE).router, GATEWAY]) {
        expect(await peer.tcp(address, HOST_PORT)).toMatchObject({ ok: false });
      }
      expect(await lab.world.arrivals()).toEqual([]);
      expect(await lab.host.arrivals()).toEqual([]);
    }, 60_000);

    it('the host: none of its addresses, nor a port that it passes on', async () => {
      const machine = await connect(1);
      const { host, router } = linkOf(INSTANCE);
      await using _ = await publish();
      expect(await lab.world.tcp(HOST, HOST_PORT)).toMatchObject({ ok: true });
      expect(await lab.world.tcp(HOST, PUBLISHED_PORT)).toMatchObject({ ok: true });
      await lab.host.arrivals();
      await lab.world.arrivals();
      for (const address of [HOST, host, router, GATEWAY]) {
        expect(await machine.peer.tcp(address, HOST_PORT)).toMatchObject({ ok: false });
        expect(await machine.peer.udp(address, UDP_PORT)).toMatchObject({ ok: false });
      }
      expect(await machine.peer.tcp(HOST, PUBLISHED_PORT)).toMatchObject({ ok: false });
      expect(await records(machine, HOST)).toHaveLength(3);
      expect((await records(machine, HOST)).every(({ verdict }) => verdict === 'denied')).toBe(true);
      // Loopback addresses, which its own kernel would not let out.
      const toMac = await gatewayOf(machine);
      for (const to of ['127.0.0.1', HOST, '255.255.255.255', '224.0.0.1', '0.0.0.0']) {
        const ends = { fromMac: machine.identity.mac, toMac, from: machine.identity.address, to };
        writeSync(machine.port.fd, udpFrame(ends, UDP_PORT, 'hello'));
      }
      await machine.port.report();
      expect(await lab.host.arrivals()).toEqual([]);
      expect(await lab.world.arrivals()).toEqual([]);
    }, 60_000);

    it('the host through a router whose own rules let everything through', async () => {
      const machine = await connect(1);
      for (const command of ['flush chain inet codeland new_1', 'add rule inet codeland new_1 accept']) {
        await inRouter(machine.port.fd, 'nft', ...command.split(' '));
      }
      expect(await machine.peer.tcp(NEIGHBOUR, 80)).toMatchObject({ ok: true });
      await using _ = await publish();
      await lab.world.arrivals();
      const attempts = await Promise.all([
        ...[HOST, linkOf(INSTANCE).host].map((address) => machine.peer.tcp(address, HOST_PORT)),
        ...[METADATA, '168.63.129.16', '100.100.100.200'].map((address) => machine.peer.tcp(address, 80)),
        machine.peer.tcp(HOST, PUBLISHED_PORT),
      ]);
      expect(attempts.map(({ ok }) => ok)).toEqual(attempts.map(() => false));
      expect(await lab.host.arrivals()).toEqual([]);
      expect(await lab.world.arrivals()).toEqual([]);
    }, 60_000);

    it('mail servers, and name servers but the resolver', async () => {
      const { peer } = await connect(1);
      expect(await peer.tcp(INTERNET, 25)).toMatchObject({ ok: false });
      for (const address of [INTERNET, NAME_SERVER]) {
        expect(await peer.tcp(address, 53)).toMatchObject({ ok: false });
        expect(await peer.udp(address, 53)).toMatchObject({ ok: false });
      }
      expect(await lab.world.arrivals()).toEqual([]);
      // Named, mail is open, there and nowhere else; other name servers are not.
      const named = await connect(2, { allow: destinations(`${INTERNET}:25`, `${INTERNET}:53`, ELSEWHERE) });
      expect(await named.peer.tcp(INTERNET, 25)).toMatchObject({ ok: true });
      expect(await named.peer.tcp(ELSEWHERE, 25)).toMatchObject({ ok: false });
      expect(await named.peer.tcp(INTERNET, 53)).toMatchObject({ ok: false });
    }, 60_000);

    it('anything over IPv6, of which the router has none', async () => {
      const machine = await connect(1);
      await gatewayOf(machine);
      const before = await machine.port.report();
      writeSync(machine.port.fd, ipv6Frame(machine.identity.mac));
      const after = await machine.port.report();
      expect(after?.txPackets).toBe((before?.txPackets ?? 0) + 1);
      expect(after?.rxPackets).toBe(before?.rxPackets ?? 0);
      expect(await inRouter(machine.port.fd, 'ip', '-6', 'address')).toBe('');
      expect(await inRouter(machine.port.fd, 'ip', '-6', 'neighbour')).toBe('');
    });

    it('those that are behind the same router', async () => {
      const [first, second] = [await connect(1), await connect(2)];
      await second.peer.serve([7000], [{ address: second.identity.address, port: 7000 }]);
      // Whatever its kernel thinks is on the link, it sends to the router.
      const toMac = await gatewayOf(first);
      await first.configure(`neighbour replace ${second.identity.address} lladdr ${toMac} dev eth0`);
      expect(await first.peer.tcp(second.identity.address, 7000)).toMatchObject({ ok: false });
      expect(await first.peer.udp(second.identity.address, 7000)).toMatchObject({ ok: false });
      expect((await records(first, second.identity.address)).map(({ verdict }) => verdict)).toEqual([
        'denied',
        'denied',
      ]);
      // By the address that both are seen as, from the host and from the world as well.
      const attempts = await Promise.all([
        ...[linkOf(INSTANCE).router, HOST].map((address) => first.peer.tcp(address, 7000)),
        ...[lab.host, lab.world].flatMap((peer) =>
          [second.identity.address, linkOf(INSTANCE).router].map((address) => peer.tcp(address, 7000)),
        ),
      ]);
      expect(attempts.map(({ ok }) => ok)).toEqual(attempts.map(() => false));
      expect(await second.peer.arrivals()).toEqual([]);
      expect((await second.port.report())?.rxPackets).toBe(0);
    }, 120_000);
  });

  describe('has an allow list and a deny list:', () => {
    it('with an allow list, it reaches that alone, private blocks too', async () => {
      const { peer } = await connect(1, { allow: destinations(`${NEIGHBOUR}:80`, `${INTERNET}/32:400-500`) });
      expect(await peer.tcp(NEIGHBOUR, 80)).toMatchObject({ ok: true });
      expect(await peer.tcp(INTERNET, 443)).toMatchObject({ ok: true });
      expect(await peer.tcp(NEIGHBOUR, 443)).toMatchObject({ ok: false });
      expect(await peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
      expect(await peer.tcp(ELSEWHERE, 443)).toMatchObject({ ok: false });
      expect(await peer.udp(INTERNET, UDP_PORT)).toMatchObject({ ok: false });
    });

    it('the deny list wins', async () => {
      const { peer } = await connect(1, {
        allow: destinations('0.0.0.0/0'),
        deny: destinations(ELSEWHERE, `${INTERNET}:80`),
      });
      expect(await peer.tcp(INTERNET, 443)).toMatchObject({ ok: true });
      expect(await peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
      expect(await peer.tcp(ELSEWHERE, 443)).toMatchObject({ ok: false });
      expect(await peer.udp(ELSEWHERE, UDP_PORT)).toMatchObject({ ok: false });
    });
  });

  describe('cannot pass for another:', () => {
    it('only frames and packets in its own name get through, whole and plain', async () => {
      const [first, second] = [await connect(1), await connect(2)];
      const toMac = await gatewayOf(first);
      const own = { fromMac: first.identity.mac, toMac, from: first.identity.address, to: INTERNET };
      const other = second.identity;
      const send = (frame: Uint8Array) => writeSync(first.port.fd, frame);
      send(udpFrame({ ...own, from: other.address }, UDP_PORT, '1'));
      send(udpFrame({ ...own, from: other.address, fromMac: other.mac }, UDP_PORT, '22'));
      send(udpFrame({ ...own, fromMac: other.mac }, UDP_PORT, '333'));
      send(udpFrame({ ...own, from: INTERNET }, UDP_PORT, '4444'));
      send(udpFrame({ ...own, from: GATEWAY }, UDP_PORT, '55555'));
      // The first of two fragments, the second; a loose source route, and a recorded one (RFC 791).
      send(udpFrame(own, UDP_PORT, '666666', { fragment: 0x2000 }));
      send(udpFrame(own, UDP_PORT, '7777777', { fragment: 0x0001 }));
      send(udpFrame(own, UDP_PORT, '88888888', { options: [131, 7, 4, ...[10, 0, 0, 7], 0] }));
      send(udpFrame(own, UDP_PORT, '999999999', { options: [7, 7, 4, ...[0, 0, 0, 0], 0] }));
      // Not TCP nor UDP: GRE, and SCTP.
      send(udpFrame(own, UDP_PORT, '999999999', { protocol: 47 }));
      send(udpFrame(own, UDP_PORT, '999999999', { protocol: 132 }));
      send(udpFrame(own, UDP_PORT, 'this one is as it should be'));
      await second.peer.tcp(INTERNET, 80);
      expect(await lab.world.arrivals()).toEqual([`udp ${INTERNET}:${UDP_PORT} 27`, `tcp ${INTERNET}:80`]);
      // Nobody else is charged.
      expect((await records(second, INTERNET)).map(({ protocol }) => protocol)).toEqual(['tcp']);
      expect((await records(first, INTERNET)).map(({ protocol, verdict }) => [protocol, verdict])).toEqual([
        ['udp', 'allowed'],
        ['other', 'denied'],
        ['other', 'denied'],
      ]);
    });

    it('ARP: nothing is learned from it, and nobody but the gateway is found by it', async () => {
      const [first, second] = [await connect(1), await connect(2)];
      const neighbours = () => inRouter(first.port.fd, 'ip', 'neighbour', 'show', 'dev', 'tap1');
      const known = await neighbours();
      expect(known.trim().split('\n')).toEqual([
        `${first.identity.address} lladdr ${first.identity.mac} PERMANENT`,
      ]);
      const before = (await first.port.report())?.rxPackets ?? 0;
      for (let last = 1; last < 250; last += 1) {
        const from = `172.16.1.${last}`;
        writeSync(first.port.fd, arpFrame({ fromMac: first.identity.mac, toMac: '', from, to: GATEWAY }));
      }
      for (const to of [second.identity.address, linkOf(INSTANCE).router, linkOf(INSTANCE).host, INTERNET]) {
        writeSync(
          first.port.fd,
          arpFrame({ fromMac: first.identity.mac, toMac: '', from: first.identity.address, to }),
        );
      }
      expect(await neighbours()).toBe(known);
      expect((await first.port.report())?.rxPackets).toBe(before);
      expect((await second.port.report())?.rxPackets).toBe(0);
      // The same question for the gateway is answered.
      writeSync(
        first.port.fd,
        arpFrame({ fromMac: first.identity.mac, toMac: '', from: first.identity.address, to: GATEWAY }),
      );
      expect((await first.port.report())?.rxPackets).toBe(before + 1);
    });
  });

  describe('is limited:', () => {
    const kibPerSecond = 64;
    /** A second's worth and the burst may be saved up (nft_limit_init in the kernel). */
    const most = (startedAt: number) =>
      (256 + kibPerSecond * (1 + (performance.now() - startedAt) / 1_000)) * 1024;

    it('in what it sends', async () => {
      const machine = await connect(1, { kibPerSecond });
      const toMac = await gatewayOf(machine);
      const startedAt = performance.now();
      const ends = { fromMac: machine.identity.mac, toMac, from: machine.identity.address, to: INTERNET };
      const [count, bytes] = [1_000, 1_000];
      const frame = udpFrame(ends, UDP_PORT, 'x'.repeat(bytes - 28));
      for (let sent = 0; sent < count; sent += 1) writeSync(machine.port.fd, frame);
      const [record] = await records(machine, INTERNET);
      const dropped = await policed(machine.port.fd, 1);
      const sent = record?.sentBytes ?? 0;
      expect(sent).toBeLessThanOrEqual(most(startedAt));
      expect(dropped.packets).toBeGreaterThan(0);
      expect(sent + dropped.bytes).toBe(count * bytes);
      const arrived = (await lab.world.arrivals()).length;
      expect(arrived).toBeGreaterThan(0);
      expect(arrived * bytes).toBeLessThanOrEqual(sent);
    });

    it('in what it receives', async () => {
      const machine = await connect(1, { kibPerSecond });
      const startedAt = performance.now();
      await machine.peer.tcp(INTERNET, 80, 'send 4000000');
      const [record] = await records(machine, INTERNET);
      expect(record?.receivedBytes).toBeGreaterThan(0);
      expect(record?.receivedBytes).toBeLessThanOrEqual(most(startedAt));
      expect((await policed(machine.port.fd, 1, 'to')).packets).toBeGreaterThan(0);
    });

    it('in how many connections it has at once, without harm to another', async () => {
      const [first, second] = [await connect(1, { connections: 5 }), await connect(2, { connections: 5 })];
      expect(await first.peer.hold(INTERNET, 80, 20)).toBe(5);
      expect(await first.peer.tcp(INTERNET, 80)).toMatchObject({ ok: false });
      expect(await second.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
    });
  });

  describe('is counted:', () => {
    /** What the host and the machine itself have counted, once nothing is on its way any more. */
    async function atRest(machine: Machine) {
      const look = async () => ({ counted: await machine.port.report(), own: await machine.counters() });
      for (let before = await look(); ; ) {
        await Bun.sleep(100);
        const now = await look();
        if (Bun.deepEquals(before, now)) return now;
        before = now;
      }
    }

    it('as its own kernel counts, to the byte', async () => {
      const machine = await connect(1);
      // Nothing is sent but what is asked for; and nothing so short that the cable fills it up.
      const lladdr = await gatewayOf(machine);
      await machine.configure(`neighbour replace ${GATEWAY} lladdr ${lladdr} dev eth0 nud permanent`);
      const { counted, own } = await atRest(machine);
      for (let sent = 0; sent < 10; sent += 1) {
        await machine.peer.udp(INTERNET, UDP_PORT, 'x'.repeat(20 + sent));
        await machine.peer.udp(NEIGHBOUR, UDP_PORT, 'x'.repeat(40 + sent));
      }
      const { counted: countedThen, own: ownThen } = await atRest(machine);
      for (const name of ['rxBytes', 'txBytes', 'rxPackets', 'txPackets'] as const) {
        const grown = ownThen[name] - own[name];
        expect(grown).toBeGreaterThan(0);
        expect((countedThen?.[name] ?? 0) - (counted?.[name] ?? 0)).toBe(grown);
      }
      expect(countedThen?.txBytes).toBeGreaterThan(10 * (42 + 20) + 10 * (42 + 40));
    });

    it('by destination, with what became of it', async () => {
      const machine = await connect(1);
      await machine.peer.udp(INTERNET, UDP_PORT, 'x'.repeat(72));
      await machine.peer.udp(NEIGHBOUR, UDP_PORT, 'x'.repeat(22));
      await machine.peer.tcp(ELSEWHERE, 25);
      const answer = `${INTERNET}:${UDP_PORT} from ${HOST}`;
      const connections = (await machine.port.report())?.connections ?? [];
      expect(connections).toHaveLength(3);
      for (const record of [
        {
          protocol: 'udp',
          destination: INTERNET,
          port: UDP_PORT,
          verdict: 'allowed',
          sentBytes: 100,
          receivedBytes: 28 + answer.length,
        },
        {
          protocol: 'udp',
          destination: NEIGHBOUR,
          port: UDP_PORT,
          verdict: 'denied',
          sentBytes: 50,
          receivedBytes: 0,
        },
        {
          protocol: 'tcp',
          destination: ELSEWHERE,
          port: 25,
          verdict: 'denied',
          sentBytes: expect.any(Number),
          receivedBytes: 0,
        },
      ] as const) {
        expect(connections).toContainEqual(record);
      }
    });

    it('in a list that has an end, and is its own', async () => {
      const [first, second] = [await connect(1), await connect(2)];
      const toMac = await gatewayOf(first);
      for (let number = 0; number < 700; number += 1) {
        const to = `10.1.${number >> 8}.${number & 0xff}`;
        const ends = { fromMac: first.identity.mac, toMac, from: first.identity.address, to };
        writeSync(first.port.fd, udpFrame(ends, UDP_PORT, 'scan'));
      }
      expect(await first.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
      await second.peer.tcp(NEIGHBOUR, 80);
      const [scanned, other] = [await first.port.report(), await second.port.report()];
      const verdicts = scanned?.connections.map(({ verdict }) => verdict) ?? [];
      expect(verdicts.filter((verdict) => verdict === 'denied')).toHaveLength(512);
      expect(verdicts.filter((verdict) => verdict === 'allowed')).toHaveLength(1);
      expect(scanned?.isComplete).toBe(false);
      expect(other).toMatchObject({
        isComplete: true,
        connections: [{ destination: NEIGHBOUR, verdict: 'denied' }],
      });
    });
  });

  it('leaves nothing in the router, and its last figures', async () => {
    const [stays, goes] = [await connect(1), await connect(2)];
    await goes.peer.tcp(INTERNET, 80);
    const seen = await goes.port.report();
    // Whoever has taken over its QEMU may try to have the tap stay; any address means yes.
    expect(libc.ioctl(goes.port.fd, TUNSETPERSIST, new Uint8Array(8))).toBe(0);
    await goes[Symbol.asyncDispose]();
    await goes.port[Symbol.asyncDispose]();
    expect(await goes.port.report()).toMatchObject({ connections: seen?.connections ?? [] });
    const rules = await inRouter(stays.port.fd, 'nft', 'list', 'ruleset');
    expect(rules).toContain('from_1');
    expect(rules).not.toMatch(/tap2|_2\b/);
    expect(await inRouter(stays.port.fd, 'ip', 'address')).not.toContain('tap2');
    expect(await inRouter(stays.port.fd, 'ip', 'route')).not.toContain('tap2');
    // Its number and its address can be another's.
    const next = await connect(2);
    expect(await next.port.report()).toMatchObject({ connections: [], rxBytes: 0, txBytes: 0 });
    expect(await next.peer.tcp(INTERNET, 80)).toMatchObject({ ok: true });
  });

  it('is connected once', async () => {
    const { port } = await connect(1);
    expect(async () => port.connect(identityOf(2), OPEN)).toThrow('once');
    const other = egress.port();
    expect(await other.report()).toBeNull();
    await other[Symbol.asyncDispose]();
    expect(async () => other.connect(identityOf(2), OPEN)).toThrow('once');
    expect(await other.report()).toBeNull();
  });
});
