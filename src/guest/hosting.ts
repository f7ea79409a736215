/** What this host gives to each guest. */
import { Cgroups, type CgroupsOptions } from '../host/cgroups/cgroups.ts';
import { Addresses } from '../network/addresses.ts';
import type { NetworkPort } from '../network/port.ts';
import { type Confinement, type MissingLayer, missingLayers, openConfinement } from './confinement.ts';
import type { Machine } from './machine.ts';

export type Hosting = AsyncDisposable & {
  /** One for each guest, and none twice. */
  readonly addresses: Addresses;
  /** What holds its QEMU. */
  readonly confinement: Confinement;
  /** What it may use. */
  readonly cgroups: Pick<Cgroups, 'guest' | 'adopt'>;
  /** Path of what makes a QEMU a fork server; undefined where guests are not forked. */
  readonly forkLibrary?: string | undefined;
  /** What of this cannot be had on this host. */
  readonly missing: readonly MissingLayer[];
  /** A way out of its network device; without, there is none. */
  readonly openPort?: (() => NetworkPort) | undefined;
};

/** What is to be hosted. */
export type HostedGuests = {
  readonly machine: Machine;
  readonly rootImage: string;
};

export type HostingOptions = Pick<CgroupsOptions, 'name' | 'reserveBytes' | 'keep'> & {
  /** Path of what makes a QEMU a fork server, where guests are forked. */
  readonly forkLibrary?: string | undefined;
};

/**
 * Makes what guests need of this host, as far as it can be had here.
 * @throws {Error} When the kernel's files cannot be read.
 */
export async function openHosting(
  { machine, rootImage }: HostedGuests,
  { forkLibrary, ...options }: HostingOptions,
): Promise<Hosting> {
  const { accelerator, memoryMiB } = machine;
  await using stack = new AsyncDisposableStack();
  const cgroups = stack.use(
    await Cgroups.open({ ...options, accelerator, guestMemoryMiB: memoryMiB, image: rootImage }),
  );
  const confinement = stack.use(await openConfinement(accelerator, forkLibrary));
  const owned = stack.move();
  return {
    addresses: new Addresses(),
    confinement,
    cgroups,
    forkLibrary,
    missing: [...missingLayers(confinement), ...cgroups.missing],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
