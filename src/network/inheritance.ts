/**
 * The router of a server that is gone, found by what guests that outlived it hold: each QEMU's descriptor of its tap
 * keeps the router's network. So nothing else has to, and with the last of them the network goes by itself.
 */
import { NetworkNamespace } from '../lib/network-namespace.ts';
import { closeDescriptor } from '../lib/posix.ts';
import { ProcessDescriptors } from '../lib/process-descriptors.ts';
import type { ProcessIdentity } from '../lib/process-identity.ts';
import { tapIn, tapOf } from '../lib/tap.ts';
import { NFT_BATCH, removeDevice, runIn } from './command.ts';
import { EgressError } from './errors.ts';
import { guestRemoval, namesOf } from './guest-rules.ts';
import type { Link } from './host-rules.ts';
import type { ConnectedGuest } from './port.ts';
import { isLinked } from './router.ts';
import { TABLE } from './router-rules.ts';

/** What guests have in a router, by their numbers. */
type Contents = {
  readonly taps: ReadonlySet<number>;
  readonly rules: ReadonlySet<number>;
  /** The address of each guest that packets are passed on to: the last thing that a guest is given. */
  readonly routes: ReadonlyMap<number, string>;
};

export class Inheritance implements Disposable {
  /** The caller's to close. */
  readonly network: NetworkNamespace;
  readonly #contents: Contents;
  /** Copies of guests' descriptors, by the names of their taps. */
  readonly #descriptors: Map<string, number>;
  readonly #adopted = new Set<number>();

  private constructor(network: NetworkNamespace, contents: Contents, descriptors: Map<string, number>) {
    this.network = network;
    this.#contents = contents;
    this.#descriptors = descriptors;
  }

  /**
   * @param survivors QEMUs; one that has ended meanwhile holds nothing.
   * @returns undefined when none of them has a tap.
   * @throws {Error} When a survivor does not let it be seen, or the router is not at the other end of the link.
   */
  static async find(survivors: readonly ProcessIdentity[], link: Link): Promise<Inheritance | undefined> {
    using stack = new DisposableStack();
    const held: number[] = [];
    for (const survivor of survivors) {
      for (const fd of await copyTaps(survivor)) held.push(stack.adopt(fd, closeDescriptor));
    }
    if (held.length === 0) return undefined;
    const network = stack.use(await routerOf(held, link));
    const contents = await readContents(network);
    const descriptors = new Map<string, number>();
    for (const fd of held) {
      using of = NetworkNamespace.ofTap(fd);
      const tap = tapOf(fd);
      if (tap !== undefined && of.is(network)) descriptors.set(tap, fd);
    }
    stack.move();
    const kept = new Set(descriptors.values());
    for (const fd of held) if (!kept.has(fd)) closeDescriptor(fd);
    return new Inheritance(network, contents, descriptors);
  }

  /**
   * Takes a guest out of it.
   * @returns The descriptor of its tap, for the caller to close; undefined when something of the guest is missing.
   */
  take({ number, address }: ConnectedGuest): number | undefined {
    const { taps, rules, routes } = this.#contents;
    const { tap } = namesOf(number);
    const fd = this.#descriptors.get(tap);
    const isWhole = taps.has(number) && rules.has(number) && routes.get(number) === address;
    if (fd === undefined || !isWhole) return undefined;
    this.#descriptors.delete(tap);
    this.#adopted.add(number);
    return fd;
  }

  /** Removes what guests have that were not taken out. What cannot be removed keeps nothing else. */
  async removeRest(onFault: (error: Error) => void): Promise<void> {
    const { taps, rules } = this.#contents;
    const rest = (numbers: ReadonlySet<number>) =>
      [...numbers].filter((number) => !this.#adopted.has(number));
    const removals = [
      ...rest(rules).map((number) => () => runIn(this.network, NFT_BATCH, guestRemoval(number))),
      // Those of guests that have ended are gone, most often.
      ...rest(taps).map((number) => () => removeDevice(namesOf(number).tap, this.network)),
    ];
    for (const remove of removals) {
      try {
        await remove();
      } catch (error) {
        onFault(new EgressError('what a guest had of its way out cannot be removed', { cause: error }));
      }
    }
  }

  [Symbol.dispose](): void {
    for (const fd of this.#descriptors.values()) closeDescriptor(fd);
    this.#descriptors.clear();
  }
}

/** @returns Descriptors of the taps that a process has open. */
async function copyTaps(survivor: ProcessIdentity): Promise<number[]> {
  using descriptors = await ProcessDescriptors.of(survivor);
  const found = (await descriptors?.find((info) => tapIn(info) !== undefined)) ?? [];
  return found.flatMap((fd) => descriptors?.copy(fd) ?? []);
}

/** @throws {EgressError} When none of the taps is in a router at the other end of the link. */
async function routerOf(taps: readonly number[], link: Link): Promise<NetworkNamespace> {
  for (const fd of taps) {
    using stack = new DisposableStack();
    const network = stack.use(NetworkNamespace.ofTap(fd));
    if (!(await isLinked(network, link))) continue;
    stack.move();
    return network;
  }
  throw new EgressError('the router that they hold is not linked with this host any more');
}

async function readContents(network: NetworkNamespace): Promise<Contents> {
  const [links, table, routes] = await Promise.all([
    runIn(network, ['ip', '-oneline', 'link', 'show']),
    runIn(network, ['nft', '--terse', 'list', 'table', ...TABLE.split(' ')]),
    runIn(network, ['ip', '-4', 'route', 'show']),
  ]);
  return {
    taps: numbersIn(links, /^\d+: tap(\d+):/gm),
    rules: numbersIn(table, /^\tchain from_(\d+) /gm),
    routes: new Map(
      [...routes.matchAll(/^(\S+) dev tap(\d+) /gm)].map(([, address = '', number]) => [
        Number(number),
        address,
      ]),
    ),
  };
}

const numbersIn = (printed: string, pattern: RegExp): Set<number> =>
  new Set([...printed.matchAll(pattern)].map(([, number]) => Number(number)));
