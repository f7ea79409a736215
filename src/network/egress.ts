/** The way out of guests: a router, its link with the host, and the resolver. */
import { closeSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { isErrno } from '../lib/files.ts';
import type { ProcessIdentity } from '../lib/process-identity.ts';
import { attachTap, openTap } from '../lib/tap.ts';
import { GATEWAY } from './addresses.ts';
import { EgressPort, type PortSurroundings } from './egress-port.ts';
import { EgressError } from './errors.ts';
import type { Link } from './host-rules.ts';
import { Inheritance } from './inheritance.ts';
import type { ConnectedGuest, NetworkPort } from './port.ts';
import { Resolver } from './resolver/resolver.ts';
import { makeRouter, Router, removeHostPart } from './router.ts';
import { DNS_PORT, type Upstream } from './router-rules.ts';
import { linkOf } from './uplink.ts';

export type EgressOptions = {
  /** What no other server on this host has: its data folder. */
  readonly instance: string;
  /** Name servers to ask, the first first: IPv4 addresses, with a port if it is not 53. At least one. */
  readonly resolvers: readonly string[];
  /** QEMUs of guests that an earlier server of the same data folder left running. None: its router is replaced. */
  readonly survivors?: readonly ProcessIdentity[];
  /** Called when something failed that nobody waited for. */
  readonly onFault: (error: Error) => void;
};

export class Egress implements AsyncDisposable {
  readonly #router: Router;
  readonly #resolver: Resolver;
  readonly #onFault: EgressOptions['onFault'];
  readonly #connected = new Set<number>();
  /** What was left by an earlier server, until it is settled. */
  #inheritance: Inheritance | undefined;
  #end: Promise<void> | undefined;

  private constructor(
    router: Router,
    resolver: Resolver,
    inheritance: Inheritance | undefined,
    onFault: EgressOptions['onFault'],
  ) {
    this.#router = router;
    this.#resolver = resolver;
    this.#inheritance = inheritance;
    this.#onFault = onFault;
  }

  /**
   * Takes the router up that survivors hold, or makes one, and the host's part, which replaces what a killed server
   * left; and starts the resolver.
   * @throws {EgressError} Why there cannot be one here, and what to do. Survivors keep what they hold.
   */
  static async open({ instance, resolvers, survivors = [], onFault }: EgressOptions): Promise<Egress> {
    const upstreams = resolvers.map(parseUpstream);
    if (upstreams.length === 0) throw new EgressError('there is no name server to look names up for guests');
    await checkHost();
    const link = linkOf(instance);
    await using stack = new AsyncDisposableStack();
    const taken = await takeOver(survivors, link, upstreams, onFault);
    const inheritance = stack.use(taken?.inheritance);
    const router = taken
      ? stack.adopt(taken.router, (left) => left.leave())
      : stack.use(await Router.open(link, upstreams));
    const resolver = stack.use(
      await Resolver.start({
        networkNamespace: router.network.path,
        listen: GATEWAY,
        upstreams: resolvers,
        onFault,
      }),
    );
    stack.move();
    return new Egress(router, resolver, inheritance, onFault);
  }

  /**
   * A way out for one guest, unused.
   * @throws {Error} A system error, when no descriptor is left.
   */
  port(): NetworkPort {
    return EgressPort.open(this.#surroundings);
  }

  /**
   * The way out of a guest that an earlier server connected, as it is; what names it looked up is not known any more.
   * Before {@link settle}, once for each guest.
   * @returns null when it is not there, or not whole.
   */
  adoptPort(guest: ConnectedGuest): NetworkPort | null {
    const fd = this.#inheritance?.take(guest);
    return fd === undefined ? null : EgressPort.adopt(this.#surroundings, guest, fd);
  }

  /**
   * Removes what guests have in the router that were not adopted. To be called once, after the last adoption and
   * before the first new guest is connected. Never rejects.
   */
  async settle(): Promise<void> {
    using inheritance = this.#inheritance;
    this.#inheritance = undefined;
    await inheritance?.removeRest(this.#onFault);
  }

  /**
   * Ends it. Guests whose ports are not disposed of by now keep their way out, all but the resolver, for a next server
   * to take up; so do all survivors when nothing was settled. Idempotent; never rejects.
   */
  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#dispose();
    return this.#end;
  }

  async #dispose(): Promise<void> {
    try {
      using inheritance = this.#inheritance;
      await this.#resolver[Symbol.asyncDispose]();
      if (inheritance || this.#connected.size > 0) this.#router.leave();
      else await this.#router[Symbol.asyncDispose]();
    } catch (error) {
      this.#onFault(new EgressError('the way out of guests cannot be removed', { cause: error }));
    }
  }

  get #surroundings(): PortSurroundings {
    return {
      network: this.#router.network,
      resolver: this.#resolver,
      connected: this.#connected,
      onFault: this.#onFault,
    };
  }
}

type Taken = { readonly router: Router; readonly inheritance: Inheritance };

/** @returns undefined when there is nothing to take over, or it cannot be: a new router takes its place. */
async function takeOver(
  survivors: readonly ProcessIdentity[],
  link: Link,
  upstreams: readonly Upstream[],
  onFault: EgressOptions['onFault'],
): Promise<Taken | undefined> {
  try {
    using stack = new DisposableStack();
    const inheritance = stack.use(await Inheritance.find(survivors, link));
    const router = inheritance && (await Router.resume(inheritance.network, link, upstreams));
    stack.move();
    return router && { router, inheritance };
  } catch (error) {
    const message = 'guests that outlived their server lose their way out: it cannot be taken over';
    onFault(new EgressError(message, { cause: error }));
    return undefined;
  }
}

/**
 * Removes what a server with egress has left on the host, where there is to be none any more.
 * @param instance As of {@link EgressOptions}.
 * @throws {EgressError} When the host refuses.
 */
export async function removeEgress(instance: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  try {
    await removeHostPart(linkOf(instance));
  } catch (error) {
    // A host without the commands has never had any.
    if (!(error instanceof EgressError) || !isErrno(error.cause, 'ENOENT')) throw error;
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
