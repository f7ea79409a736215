/** One guest's way out: its tap, its rules, its figures. */
import { close } from 'node:fs';
import { promisify } from 'node:util';
import type { NetworkNamespace } from '../lib/network-namespace.ts';
import { attachTap, makeTapTransient, openTap } from '../lib/tap.ts';
import { GATEWAY } from './addresses.ts';
import { IP_BATCH, NFT_BATCH, runIn } from './command.ts';
import { EgressError } from './errors.ts';
import { guestRemoval, guestRules, namesOf } from './guest-rules.ts';
import type { EgressPolicy } from './policy.ts';
import type { Attachment, ConnectedGuest, NameRecord, NetworkPort, NetworkReport } from './port.ts';
import { RECORDED_NAMES } from './resolver/resolver.ts';
import { readTraffic } from './traffic.ts';
import { hostAddresses } from './uplink.ts';

const closeFile = promisify(close);

/** What a port needs of the resolver. */
export type Names = {
  admit(address: string): void;
  dismiss(address: string): void;
  names(address: string): Promise<readonly NameRecord[]>;
};

export type PortSurroundings = {
  readonly network: NetworkNamespace;
  readonly resolver: Names;
  /** Guests that have something in the router, by their numbers. */
  readonly connected: Set<number>;
  /** Called when something of a guest could not be removed. */
  readonly onFault: (error: Error) => void;
};

export class EgressPort implements NetworkPort {
  readonly fd: number;
  readonly #surroundings: PortSurroundings;
  /** Removes what there is, the last made first. */
  readonly #resources = new AsyncDisposableStack();
  #guest: ConnectedGuest | undefined;
  #connecting: Promise<void> | undefined;
  #end: Promise<void> | undefined;
  #isConnected = false;
  #last: NetworkReport | null = null;
  /** Whether every name that the guest asked for can be known. */
  #knowsNames = true;

  private constructor(surroundings: PortSurroundings, fd: number) {
    this.#surroundings = surroundings;
    this.fd = fd;
    // The kernel takes its time over the end of a device.
    this.#resources.defer(() => closeFile(this.fd));
  }

  /**
   * An unused one.
   * @throws {Error} A system error, when no descriptor is left.
   */
  static open(surroundings: PortSurroundings): EgressPort {
    return new EgressPort(surroundings, surroundings.network.enter(openTap));
  }

  /**
   * The port of a guest that an earlier server connected.
   * @param fd Of its tap; belongs to the port from now on.
   */
  static adopt(surroundings: PortSurroundings, guest: ConnectedGuest, fd: number): EgressPort {
    const port = new EgressPort(surroundings, fd);
    port.#guest = guest;
    port.#connecting = Promise.resolve();
    port.#knowsNames = false;
    port.#ownTap(guest);
    port.#ownRules(guest);
    port.#admit(guest);
    return port;
  }

  async connect(guest: ConnectedGuest, policy: EgressPolicy): Promise<Attachment> {
    if (this.#connecting || this.#end) throw new EgressError('a port connects one guest, once');
    this.#guest = guest;
    this.#connecting = this.#attach(guest, policy);
    await this.#connecting;
    return { gateway: GATEWAY, resolver: GATEWAY };
  }

  /** The rules are there before the tap is up, and the resolver answers nobody before that. */
  async #attach(guest: ConnectedGuest, policy: EgressPolicy): Promise<void> {
    const { network } = this.#surroundings;
    const { number, address, mac } = guest;
    const { tap } = namesOf(number);
    try {
      attachTap(this.fd, tap);
    } catch (error) {
      throw new EgressError('a guest cannot be given a tap', { cause: error });
    }
    this.#ownTap(guest);
    await runIn(network, NFT_BATCH, guestRules(guest, policy, hostAddresses()));
    this.#ownRules(guest);
    await runIn(
      network,
      IP_BATCH,
      [
        `link set ${tap} up`,
        // The router asks for no hardware address: it knows the only one.
        `neighbour add ${address} lladdr ${mac} dev ${tap} nud permanent`,
        `route add ${address}/32 dev ${tap}`,
        '',
      ].join('\n'),
    );
    this.#admit(guest);
  }

  #ownTap({ number }: ConnectedGuest): void {
    const { connected } = this.#surroundings;
    connected.add(number);
    this.#resources.defer(() => {
      connected.delete(number);
    });
    // QEMU has the descriptor as well, and may be in the guest's hands.
    this.#resources.defer(() => makeTapTransient(this.fd));
  }

  #ownRules({ number }: ConnectedGuest): void {
    const { network } = this.#surroundings;
    this.#resources.defer(async () => {
      await runIn(network, NFT_BATCH, guestRemoval(number));
    });
  }

  #admit({ address }: ConnectedGuest): void {
    const { resolver } = this.#surroundings;
    resolver.admit(address);
    this.#resources.defer(() => resolver.dismiss(address));
    this.#isConnected = true;
  }

  async report(): Promise<NetworkReport | null> {
    if (this.#end) {
      await this.#end;
      return this.#last;
    }
    return this.#read();
  }

  async #read(): Promise<NetworkReport | null> {
    const { network, resolver } = this.#surroundings;
    if (!this.#guest || !this.#isConnected) return null;
    const { number, address } = this.#guest;
    const [traffic, names] = await Promise.all([
      readTraffic(network, number),
      // It may be on its way back. What it knew before that is gone in any case.
      resolver.names(address).catch(() => null),
    ]);
    return {
      ...traffic,
      names: names ?? this.#last?.names ?? [],
      isComplete: traffic.isComplete && this.#knowsNames && names !== null && names.length < RECORDED_NAMES,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= this.#dispose();
    return this.#end;
  }

  async #dispose(): Promise<void> {
    await this.#connecting?.catch(() => {});
    try {
      this.#last = await this.#read();
    } catch (error) {
      this.#surroundings.onFault(new EgressError('the figures of a guest are lost', { cause: error }));
    }
    try {
      await this.#resources.disposeAsync();
    } catch (error) {
      this.#surroundings.onFault(
        new EgressError('the way out of a guest cannot be removed', { cause: error }),
      );
    }
  }
}
