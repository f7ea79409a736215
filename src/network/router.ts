/** Where guests' packets meet the policy: a network of its own, between their taps and the host. */
import { writeFileSync } from 'node:fs';
import { isErrno } from '../lib/files.ts';
import { NetworkNamespace } from '../lib/network-namespace.ts';
import { GATEWAY } from './addresses.ts';
import { GIVEN_NETWORK, IP_BATCH, NFT_BATCH, run, runIn } from './command.ts';
import { EgressError } from './errors.ts';
import { hostRemoval, hostRules, type Link } from './host-rules.ts';
import { ROUTER_SETTINGS, routerRules, UPLINK, type Upstream } from './router-rules.ts';

/** Of this host: without it nothing is passed on between its networks. */
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';

/**
 * Makes a network and its rules that is not linked with anything.
 * @throws {EgressError} When this host does not let it be made.
 */
export async function makeRouter(link: Link, upstreams: readonly Upstream[]): Promise<NetworkNamespace> {
  using stack = new DisposableStack();
  const network = stack.use(NetworkNamespace.create());
  // Before there is anything to pass on.
  await runIn(network, NFT_BATCH, routerRules(link.router, upstreams));
  network.enter(() => {
    for (const [name, value] of Object.entries(ROUTER_SETTINGS)) writeSetting(name, value);
  });
  await runIn(network, IP_BATCH, `link set lo up\naddress add ${GATEWAY}/32 dev lo\n`);
  stack.move();
  return network;
}

/** A router that is linked with its host. */
export class Router implements AsyncDisposable {
  readonly network: NetworkNamespace;
  readonly #resources: AsyncDisposableStack;

  private constructor(network: NetworkNamespace, resources: AsyncDisposableStack) {
    this.network = network;
    this.#resources = resources;
  }

  /**
   * Makes the router, and the host's part: rules, a link and forwarding, in this order. Replaces what a server that was
   * killed has left of the host's part.
   * @throws {EgressError} When the host refuses.
   */
  static async open(link: Link, upstreams: readonly Upstream[]): Promise<Router> {
    await using resources = new AsyncDisposableStack();
    const network = resources.use(await makeRouter(link, upstreams));
    resources.defer(async () => {
      await run(NFT_BATCH, { input: hostRemoval(link) });
    });
    await run(NFT_BATCH, { input: hostRules(link, upstreams) });
    const { device, host, router, prefixLength } = link;
    // A router that was left by a killed server, and whose guests live on, is cut off.
    await removeDevice(device);
    resources.defer(() => removeDevice(device));
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
        `address add ${router}/${prefixLength} dev ${UPLINK}`,
        `link set ${UPLINK} up`,
        `route add default via ${host}`,
        '',
      ].join('\n'),
    );
    try {
      writeFileSync(IP_FORWARD, '1');
    } catch (error) {
      throw new EgressError(`this host cannot be made to forward packets (${IP_FORWARD})`, { cause: error });
    }
    return new Router(network, resources.move());
  }

  /** @throws {EgressError} When the host's part cannot be removed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** Does nothing when there is none. */
async function removeDevice(device: string): Promise<void> {
  try {
    await run(['ip', 'link', 'delete', device]);
  } catch (error) {
    if (!(error instanceof EgressError) || !error.message.includes('Cannot find device')) throw error;
  }
}

function writeSetting(name: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${name}`, value);
  } catch (error) {
    // A host without IPv6 has nothing to switch off.
    if (name.startsWith('ipv6/') && isErrno(error, 'ENOENT')) return;
    throw new EgressError(`the router's setting ${name} cannot be made`, { cause: error });
  }
}
