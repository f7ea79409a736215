/**
 * A host with a network around it, all of it in namespaces of this test: what is behind the host's uplink plays the
 * internet, the metadata service and the neighbours. While a lab is open the test's own thread, and so what it starts, is on
 * the network of that host; the machine's own network is never touched.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeFileSync } from 'node:fs';
import { NetworkNamespace } from '../../../src/lib/network-namespace.ts';
import { attachTap, openTap } from '../../../src/lib/tap.ts';
import { GIVEN_NETWORK, IP_BATCH, run, runIn } from '../../../src/network/command.ts';
import type { EgressPolicy } from '../../../src/network/policy.ts';
import type { Attachment, ConnectedGuest, NetworkPort, NetworkReport } from '../../../src/network/port.ts';
import { Peer } from './peer.ts';
import { stay } from './stay.ts';

/** Addresses of the world. None of them is real here. */
export const INTERNET = '1.2.3.4';
export const ELSEWHERE = '5.6.7.8';
export const METADATA = '169.254.169.254';
export const NEIGHBOUR = '10.0.0.7';
export const OTHERS = [
  '192.168.1.7',
  '172.20.0.9',
  '100.64.0.9',
  '198.51.100.9',
  '168.63.129.16',
  '100.100.100.200',
];
/** Asked by the resolver; its own network is private. */
export const NAME_SERVER = '10.255.255.53';
/** The host's uplink: a public address. */
export const HOST = '9.9.0.2';
const HOSTS_GATEWAY = '9.9.0.1';

/** Ports of the world's servers, and of the host's. */
export const TCP_PORTS = [25, 53, 80, 443];
export const UDP_PORT = 999;
export const HOST_PORT = 8080;

export const OPEN: EgressPolicy = {
  mode: 'egress',
  allow: [],
  deny: [],
  kibPerSecond: 10_240,
  connections: 64,
};

export class Lab implements AsyncDisposable {
  readonly world: Peer;
  /** Programs of the host itself. */
  readonly host: Peer;
  readonly worldNetwork: NetworkNamespace;
  readonly hostNetwork: NetworkNamespace;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    parts: { world: Peer; host: Peer; worldNetwork: NetworkNamespace; hostNetwork: NetworkNamespace },
    resources: AsyncDisposableStack,
  ) {
    this.world = parts.world;
    this.host = parts.host;
    this.worldNetwork = parts.worldNetwork;
    this.hostNetwork = parts.hostNetwork;
    this.#resources = resources;
  }

  static async open(): Promise<Lab> {
    await using stack = new AsyncDisposableStack();
    const worldNetwork = stack.use(NetworkNamespace.create());
    const hostNetwork = stack.use(NetworkNamespace.create());
    stack.use(stay(hostNetwork));
    const addresses = [INTERNET, ELSEWHERE, METADATA, NEIGHBOUR, ...OTHERS, NAME_SERVER];
    await run(IP_BATCH, {
      network: worldNetwork,
      input: lines(
        'link set lo up',
        `link add eth0 type veth peer name eth0 netns ${GIVEN_NETWORK}`,
        `address add ${HOST}/30 dev eth0`,
        'link set eth0 up',
      ),
    });
    await runIn(
      worldNetwork,
      IP_BATCH,
      lines(
        'link set lo up',
        `address add ${HOSTS_GATEWAY}/30 dev eth0`,
        'link set eth0 up',
        ...addresses.map((address) => `address add ${address}/32 dev lo`),
        // Whatever the host does not hide behind its address comes back all the same.
        `route add default via ${HOST}`,
      ),
    );
    await run(IP_BATCH, { input: lines(`route add default via ${HOSTS_GATEWAY}`) });
    const world = stack.use(new Peer(worldNetwork));
    await world.serve(TCP_PORTS, [
      ...addresses.map((address) => ({ address, port: UDP_PORT })),
      { address: INTERNET, port: 53 },
    ]);
    await world.serveNames(NAME_SERVER, INTERNET);
    const host = stack.use(new Peer(hostNetwork));
    await host.serve([HOST_PORT], [{ address: HOST, port: UDP_PORT }]);
    return new Lab({ world, host, worldNetwork, hostNetwork }, stack.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** A machine with a kernel of its own at the end of a cable, whose programs are root: more than any guest can be. */
export class Machine implements AsyncDisposable {
  readonly identity: ConnectedGuest;
  readonly attachment: Attachment;
  readonly network: NetworkNamespace;
  readonly port: NetworkPort;
  readonly peer: Peer;
  /** The QEMU that is its cable. */
  readonly pid: number;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    parts: {
      identity: ConnectedGuest;
      attachment: Attachment;
      network: NetworkNamespace;
      port: NetworkPort;
      peer: Peer;
      pid: number;
    },
    resources: AsyncDisposableStack,
  ) {
    this.identity = parts.identity;
    this.attachment = parts.attachment;
    this.network = parts.network;
    this.port = parts.port;
    this.peer = parts.peer;
    this.pid = parts.pid;
    this.#resources = resources;
  }

  static async connect(port: NetworkPort, number: number, policy: EgressPolicy = OPEN): Promise<Machine> {
    await using stack = new AsyncDisposableStack();
    stack.use(port);
    const identity = identityOf(number);
    const network = stack.use(NetworkNamespace.create());
    const fd = network.enter(openTap);
    stack.defer(() => closeSync(fd));
    attachTap(fd, 'eth0');
    const attachment = await port.connect(identity, policy);
    // QEMU is the cable, as it is for guests: a hub with two taps, and no machine.
    const cable = spawn(
      'qemu-system-x86_64',
      [
        ...['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none'],
        ...['-netdev', 'tap,id=port,fd=3', '-netdev', 'hubport,id=port-hub,hubid=0,netdev=port'],
        ...['-netdev', 'tap,id=machine,fd=4', '-netdev', 'hubport,id=machine-hub,hubid=0,netdev=machine'],
      ],
      { stdio: ['ignore', 'ignore', 'ignore', port.fd, fd] },
    );
    const { pid } = cable;
    if (pid === undefined) throw new Error('a machine has no cable');
    const ended = once(cable, 'close');
    stack.defer(async () => {
      cable.kill('SIGKILL');
      await ended;
    });
    // No IPv6: its kernel would send by itself, and what is counted is to be what a test sent.
    network.enter(() => writeFileSync('/proc/sys/net/ipv6/conf/eth0/disable_ipv6', '1'));
    await runIn(
      network,
      IP_BATCH,
      lines(
        'link set lo up',
        `link set eth0 address ${identity.mac}`,
        `address add ${identity.address}/12 dev eth0`,
        'link set eth0 up',
        `route add default via ${attachment.gateway}`,
      ),
    );
    const peer = stack.use(new Peer(network));
    return new Machine({ identity, attachment, network, port, peer, pid }, stack.move());
  }

  /** What its own kernel has counted. */
  async counters(): Promise<Pick<NetworkReport, 'rxBytes' | 'txBytes' | 'rxPackets' | 'txPackets'>> {
    const devices = await runIn(this.network, ['cat', '/proc/thread-self/net/dev']);
    const fields = /eth0:(.*)/.exec(devices)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    const [rxBytes = 0, rxPackets = 0, , , , , , , txBytes = 0, txPackets = 0] = fields;
    return { rxBytes, rxPackets, txBytes, txPackets };
  }

  /** Runs commands of `ip` on it, as its root. */
  configure(...commands: string[]): Promise<string> {
    return runIn(this.network, IP_BATCH, lines(...commands));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** As `Addresses` gives them. @param number Up to 255. */
export function identityOf(number: number): ConnectedGuest {
  const byte = number.toString(16).padStart(2, '0');
  return { number, address: `172.16.0.${number}`, mac: `52:54:00:10:00:${byte}` };
}

const lines = (...commands: string[]) => `${commands.join('\n')}\n`;
