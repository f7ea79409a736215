/** The way out of guests: a router, its link with the host, and the resolver. */
import { closeSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { attachTap, openTap } from '../lib/tap.ts';
import { GATEWAY } from './addresses.ts';
import { EgressPort } from './egress-port.ts';
import { EgressError } from './errors.ts';
import type { NetworkPort } from './port.ts';
import { Resolver } from './resolver/resolver.ts';
import { makeRouter, Router } from './router.ts';
import { DNS_PORT, type Upstream } from './router-rules.ts';
import { linkOf } from './uplink.ts';

export type EgressOptions = {
  /** What no other server on this host has: its data folder. */
  readonly instance: string;
  /** Name servers to ask, the first first: IPv4 addresses, with a port if it is not 53. At least one. */
  readonly resolvers: readonly string[];
  /** Called when something failed that nobody waited for. */
  readonly onFault: (error: Error) => void;
};

export class Egress implements AsyncDisposable {
  readonly #router: Router;
  readonly #resolver: Resolver;
  readonly #onFault: EgressOptions['onFault'];
  readonly #resources: AsyncDisposableStack;

  private constructor(
    router: Router,
    resolver: Resolver,
    onFault: EgressOptions['onFault'],
    resources: AsyncDisposableStack,
  ) {
    this.#router = router;
    this.#resolver = resolver;
    this.#onFault = onFault;
    this.#resources = resources;
  }

  /**
   * Makes the router and the host's part, which replaces what a killed server left, and starts the resolver.
   * @throws {EgressError} Why there cannot be one here, and what to do.
   */
  static async open({ instance, resolvers, onFault }: EgressOptions): Promise<Egress> {
    const upstreams = resolvers.map(parseUpstream);
    if (upstreams.length === 0) throw new EgressError('there is no name server to look names up for guests');
    await checkHost();
    await using stack = new AsyncDisposableStack();
    const router = stack.use(await Router.open(linkOf(instance), upstreams));
    const resolver = stack.use(
      await Resolver.start({
        networkNamespace: router.network.path,
        listen: GATEWAY,
        upstreams: resolvers,
        onFault,
      }),
    );
    return new Egress(router, resolver, onFault, stack.move());
  }

  /**
   * A way out for one guest, unused.
   * @throws {Error} A system error, when no descriptor is left.
   */
  port(): NetworkPort {
    return new EgressPort({
      network: this.#router.network,
      resolver: this.#resolver,
      onFault: this.#onFault,
    });
  }

  /** After all its ports. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#resources.disposeAsync();
    } catch (error) {
      this.#onFault(new EgressError('the way out of guests cannot be removed', { cause: error }));
    }
  }
}

/**
 * Tries, without a trace, what {@link Egress.open} needs of this host.
 * @returns Why there cannot be a way out for guests here, and what to do; null when there can.
 */
export async function inspectEgress(): Promise<string | null> {
  try {
    await checkHost();
    using network = await makeRouter(linkOf('inspection'), [{ address: '192.0.2.1', port: DNS_PORT }]);
    const fd = network.enter(openTap);
    try {
      attachTap(fd, 'tap0');
    } finally {
      closeSync(fd);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function checkHost(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new EgressError('only root can make networks; run the server as root');
  }
  try {
    await access('/dev/net/tun');
  } catch (error) {
    throw new EgressError('this host has no /dev/net/tun; load its module: modprobe tun', { cause: error });
  }
}

function parseUpstream(text: string): Upstream {
  const [address = '', port = String(DNS_PORT), ...rest] = text.split(':');
  const number = Number(port);
  const isPort = Number.isInteger(number) && number >= 1 && number <= 65_535;
  if (!isIPv4(address) || !isPort || rest.length > 0) {
    throw new EgressError(`"${text}" is no name server; give an IPv4 address, with a port if it is not 53`);
  }
  return { address, port: number };
}
