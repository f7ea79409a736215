/**
 * What each layer that holds a guest's QEMU costs a restore: restores with and without it, one of each in every round,
 * so that a busy machine hurts all alike.
 *   bun bench/studies/restore-layers.ts [rounds]
 */
import { performance } from 'node:perf_hooks';
import type { Confinement } from '../../src/guest/confinement.ts';
import type { Hosting } from '../../src/guest/hosting.ts';
import { JailError } from '../../src/guest/jail.ts';
import { GuestCgroup } from '../../src/host/cgroups/cgroups.ts';
import { Egress } from '../../src/network/egress.ts';
import { Clones } from '../../test/support/clones.ts';

const rounds = Number(process.argv[2] ?? 15);

await using clones = await Clones.open();
await using egress = await Egress.open({
  instance: `bench-${process.pid}`,
  resolvers: ['192.0.2.1'],
  onFault: (error) => console.error(error),
});

const all = clones.hosting;
const noLimits = { guest: async () => new GuestCgroup([], 'none'), adopt: () => new GuestCgroup([], 'none') };
const hosting = (confinement: Pick<Confinement, 'users' | 'jail'>, rest: Partial<Hosting> = {}): Hosting => ({
  addresses: all.addresses,
  cgroups: noLimits,
  missing: [],
  [Symbol.asyncDispose]: async () => {},
  ...rest,
  confinement: {
    ...confinement,
    checkQemu: (program) => all.confinement.checkQemu(program),
    [Symbol.asyncDispose]: async () => {},
  },
});
const { users, jail } = all.confinement;
const none = { users: null, jail: new JailError('left out') };

const variants: Readonly<Record<string, Hosting>> = {
  'process limits, filter': hosting(none),
  '+ user': hosting({ ...none, users }),
  '+ jail': hosting({ users, jail }),
  '+ control groups': hosting({ users, jail }, { cgroups: all.cgroups }),
  '+ port for egress': hosting({ users, jail }, { cgroups: all.cgroups, openPort: () => egress.port() }),
};

const figures = new Map(
  Object.keys(variants).map((name) => [name, { restore: [] as number[], end: [] as number[] }]),
);
for (let round = -1; round < rounds; round++) {
  for (const [name, variant] of Object.entries(variants)) {
    const start = performance.now();
    const guest = await clones.restored(variant);
    const restored = performance.now();
    await guest[Symbol.asyncDispose]();
    const ended = performance.now();
    // The first round warms the file cache.
    if (round < 0) continue;
    figures.get(name)?.restore.push(restored - start);
    figures.get(name)?.end.push(ended - restored);
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const base = figures.values().next().value;
console.log(`medians of ${rounds} rounds, ms; ratio to the first line`);
for (const [name, { restore, end }] of figures) {
  const ratio = median(restore) / median(base?.restore ?? []);
  console.log(
    `${name.padEnd(24)} restore ${median(restore).toFixed(1).padStart(7)} ${ratio.toFixed(2)}   end ${median(end).toFixed(1).padStart(6)}`,
  );
}
