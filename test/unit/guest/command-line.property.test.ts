import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { guestArguments } from '../../../src/guest/command-line.ts';

const machine = { type: 'pc-i440fx-7.2', accelerator: 'tcg', cpu: 'Nehalem', memoryMiB: 256 } as const;

/** The values of an option, in order. */
function values(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, index) => (args[index - 1] === option ? [arg] : []));
}

describe('any description', () => {
  const path = fc.string({ unit: fc.constantFrom('a', ',', '=', '/', ' ', ':', 'é', 'exec'), maxLength: 12 });
  const spec = fc.record({
    name: path,
    machine: fc.constant(machine),
    memory: fc.oneof(
      fc.record({ kind: fc.constant<'clone'>('clone'), fd: fc.nat(1000) }),
      fc.record({ kind: fc.constant<'writable'>('writable'), path }),
    ),
    start: fc.oneof(
      fc.record({ kind: fc.constant<'restore'>('restore') }),
      fc.record({ kind: fc.constant<'boot'>('boot'), kernel: path, initramfs: path, append: path }),
    ),
    rootImage: fc.oneof(path, fc.record({ fd: fc.nat(1000) })),
    qmpFd: fc.nat(1000),
    agentFd: fc.nat(1000),
  });

  test('gives the same arguments again, and leaves the description alone', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const before = structuredClone(given);
        expect(guestArguments(given)).toEqual(guestArguments(structuredClone(given)));
        expect(given).toEqual(before);
      }),
    );
  });

  test('cannot add an option to a value: each comma of a name or path is doubled', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const args = guestArguments(given);
        const quoted = (value: string) => value.split(',').join(',,');
        const chardevs = values(args, '-chardev');
        expect(values(args, '-name')).toEqual([`guest=${quoted(given.name)}`]);
        expect(chardevs[0]).toBe(`socket,id=qmp,fd=${given.qmpFd},server=on,wait=off`);
        expect(chardevs[1]).toBe(`socket,id=agent,fd=${given.agentFd},server=on,wait=off`);
        expect(values(args, '-netdev')).toEqual(['hubport,id=net,hubid=0', 'hubport,id=net-end,hubid=0']);
        expect(values(args, '-device').join(' ')).toContain('virtio-net-pci,netdev=net,');
        const root = given.rootImage;
        const rootPath = typeof root === 'string' ? quoted(root) : '/dev/fdset/1';
        expect(values(args, '-blockdev')[0]).toEndWith(`,read-only=on,filename=${rootPath}`);
        expect(values(args, '-add-fd')).toEqual(typeof root === 'string' ? [] : [`fd=${root.fd},set=1`]);
        const memory =
          given.memory.kind === 'clone' ? `/proc/self/fd/${given.memory.fd}` : quoted(given.memory.path);
        const share = given.memory.kind === 'clone' ? 'off' : 'on';
        expect(values(args, '-object').at(-1)).toEndWith(`,mem-path=${memory},share=${share}`);
      }),
    );
  });

  test('is loaded over QMP alone, and a clone never shares what it writes', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const args = guestArguments(given);
        expect(values(args, '-incoming')).toEqual(given.start.kind === 'restore' ? ['defer'] : []);
        if (given.memory.kind === 'clone') expect(args.join(' ')).not.toContain('share=on');
      }),
    );
  });
});
