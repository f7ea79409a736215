/** The addresses of this host's guests: each guest has one, and no two live guests have the same. */
import type { NetworkIdentity } from '../protocol/messages.ts';

/** Belongs to one guest until it is disposed of. */
export type AddressLease = NetworkIdentity &
  Disposable & {
    /** Of the guest on this host, from 1 on; no two live guests have the same. */
    readonly number: number;
  };

/** 172.16.0.0/12: private, and seldom what a host's own network uses. */
const NETWORK = 0xac10_0000;
const PREFIX_LENGTH = 12;
/** The first and the last address of a network are no host's. The one before the last is the gateway's. */
const FIRST = 1;
const LAST = 2 ** (32 - PREFIX_LENGTH) - 3;

/** Where guests send what is for others, and whom they ask for names. Never a guest's address. */
export const GATEWAY = dotted(NETWORK + LAST + 1);

/** Hands out each address as late as possible after its last use: the one after the latest that is free. */
export class Addresses {
  readonly #taken = new Set<number>();
  #next: number;

  /** @param first The number of the first guest. Where two hand out addresses on a host, each begins elsewhere. */
  constructor(first = FIRST) {
    this.#next = first;
  }

  /** @throws When every address belongs to a guest. */
  take(): AddressLease {
    if (this.#taken.size === LAST) throw new Error('every address of the guests is taken');
    while (this.#taken.has(this.#next)) this.#advance();
    const host = this.#next;
    this.#advance();
    return this.#lease(host);
  }

  /**
   * Takes the address of a guest that is there already. Those that follow it are handed out next.
   * @throws {Error} When there is no such address, or another guest has it.
   */
  adopt(number: number): AddressLease {
    if (!(number >= FIRST && number <= LAST) || this.#taken.has(number)) {
      throw new Error(`the address ${number} of the guests cannot be taken`);
    }
    if (number >= this.#next) {
      this.#next = number;
      this.#advance();
    }
    return this.#lease(number);
  }

  #lease(host: number): AddressLease {
    this.#taken.add(host);
    let isTaken = true;
    return {
      ...identity(NETWORK + host),
      number: host,
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken.delete(host);
        isTaken = false;
      },
    };
  }

  #advance(): void {
    this.#next = this.#next === LAST ? FIRST : this.#next + 1;
  }
}

function bytesOf(address: number): readonly number[] {
  return [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff];
}

function dotted(address: number): string {
  return bytesOf(address).join('.');
}

function identity(address: number): NetworkIdentity {
  const bytes = bytesOf(address);
  // The prefix that QEMU uses; the rest tells the addresses of the network apart.
  const mac = [0x52, 0x54, 0x00, ...bytes.slice(1)];
  return {
    mac: mac.map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    address: dotted(address),
    prefixLength: PREFIX_LENGTH,
  };
}
