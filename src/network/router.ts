/** Where guests' packets meet the policy: a network of its own, between their taps and the host. */
import { writeFileSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { isErrno } from '../lib/files.ts';
import { NetworkNamespace } from '../lib/network-namespace.ts';
import { GATEWAY } from './addresses.ts';
import { GIVEN_NETWORK, IP_BATCH, NFT_BATCH, removeDevice, run, runIn } from './command.ts';
import { EgressError } from './errors.ts';
import { hostRemoval, hostRules, type Link } from './host-rules.ts';
import { ROUTER_SETTINGS, routerRules, routerRulesAgain, UPLINK, type Upstream } from './router-rules.ts';

/** Of this host: without it nothing is passed on between its networks. */
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';

/** What is used of one end of a pair of devices, as ip-address(8) shows it: its number and its other end's. */
const LinkEnd = Type.Object({
  ifindex: Type.Integer(),
  link_index: Type.Integer(),
  addr_info: Type.Array(Type.Object({ local: Type.String() })),
});
const linkEnd = TypeCompiler.Compile(LinkEnd);

/**
 * Makes a network and its rules that is not linked with anything.
 * @throws {EgressError} When this host does not let it be made.
 */
export async function makeRouter(link: Link, upstreams: readonly Upstream[]): Promise<NetworkNamespace> {
  using stack = new DisposableStack();
  const network = stack.use(NetworkNamespace.create());
  // Before there is anything to pass on.
  await runIn(network, NFT_BATCH, routerRules(link.router, upstreams));
  writeSettings(network);
  await runIn(network, IP_BATCH, `link set lo up\naddress add ${GATEWAY}/32 dev lo\n`);
  stack.move();
  return network;
}

/** A router that is linked with its host. */
export class Router implements AsyncDisposable {
  readonly network: NetworkNamespace;
  readonly #link: Link;

  /** @param network Is closed with the router. */
  private constructor(network: NetworkNamespace, link: Link) {
    this.network = network;
    this.#link = link;
  }

  /**
   * Makes the router, and the host's part: rules, a link and forwarding, in this order. Replaces what a server that was
   * killed has left of the host's part.
   * @throws {EgressError} When the host refuses.
   */
  static async open(link: Link, upstreams: readonly Upstream[]): Promise<Router> {
    await using stack = new AsyncDisposableStack();
    const router = stack.use(new Router(await makeRouter(link, upstreams), link));
    const { network } = router;
    await run(NFT_BATCH, { input: hostRules(link, upstreams) });
    const { device, host, router: address, prefixLength } = link;
    // A router that was left by a killed server, and is not taken over, is cut off.
    await removeDevice(device);
    await run(IP_BATCH, {
      network,
      input: [
        `link add ${device} type veth peer name ${UPLINK} netns ${GIVEN_NETWORK}`,
        `address add ${host}/${prefixLength} dev ${device}`,
        `link set ${device} up`,
        '',
      ].join('\n'),
    });
    await runIn(
      network,
      IP_BATCH,
      [
        `address add ${address}/${prefixLength} dev ${UPLINK}`,
        `link set ${UPLINK} up`,
        `route add default via ${host}`,
        '',
      ].join('\n'),
    );
    forwardPackets();
    stack.move();
    return router;
  }

  /**
   * Goes on with the router of a server that is gone. The rules of both its parts become this server's; connections of
   * guests, and what was counted for them, stay.
   * @param network {@link isLinked}. Is closed with the router, and when this fails.
   * @throws {EgressError} When the host refuses.
   */
  static async resume(
    network: NetworkNamespace,
    link: Link,
    upstreams: readonly Upstream[],
  ): Promise<Router> {
    using stack = new DisposableStack();
    stack.use(network);
    await runIn(network, NFT_BATCH, routerRulesAgain(link.router, upstreams));
    writeSettings(network);
    await run(NFT_BATCH, { input: hostRules(link, upstreams) });
    forwardPackets();
    stack.move();
    return new Router(network, link);
  }

  /** Leaves all that there is to the next server, as long as a guest holds it. */
  leave(): void {
    this.network[Symbol.dispose]();
  }

  /** @throws {EgressError} When the host's part cannot be removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.network[Symbol.dispose]();
    await removeHostPart(this.#link);
  }
}

/** Whether a network is a router at the other end of this very link. */
export async function isLinked(network: NetworkNamespace, link: Link): Promise<boolean> {
  try {
    const [here, there] = await Promise.all([
      run(showEnd(link.device)).then(readEnd),
      runIn(network, showEnd(UPLINK)).then(readEnd),
    ]);
    const isPair = here.ifindex === there.link_index && there.ifindex === here.link_index;
    return isPair && there.addr_info.some(({ local }) => local === link.router);
  } catch (error) {
    // One of them has no such device.
    if (error instanceof EgressError) return false;
    throw error;
  }
}

/**
 * Takes back the host's part of a router, as far as it is there.
 * @throws {EgressError} When the host refuses.
 */
export async function removeHostPart(link: Link): Promise<void> {
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await run(NFT_BATCH, { input: hostRemoval(link) });
  });
  stack.defer(() => removeDevice(link.device));
}

const showEnd = (device: string) => ['ip', '-json', '-4', 'address', 'show', 'dev', device];

function readEnd(printed: string): Static<typeof LinkEnd> {
  const ends: unknown = JSON.parse(printed);
  const [end]: unknown[] = Array.isArray(ends) ? ends : [];
  if (!linkEnd.Check(end))
    throw new EgressError('ip shows the end of a link in a way that is not known here');
  return end;
}

function forwardPackets(): void {
  try {
    writeFileSync(IP_FORWARD, '1');
  } catch (error) {
    throw new EgressError(`this host cannot be made to forward packets (${IP_FORWARD})`, { cause: error });
  }
}

const writeSettings = (network: NetworkNamespace): void =>
  network.enter(() => {
    for (const [name, value] of Object.entries(ROUTER_SETTINGS)) writeSetting(name, value);
  });

function writeSetting(name: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${name}`, value);
  } catch (error) {
    // A host without IPv6 has nothing to switch off.
    if (name.startsWith('ipv6/') && isErrno(error, 'ENOENT')) return;
    throw new EgressError(`the router's setting ${name} cannot be made`, { cause: error });
  }
}
