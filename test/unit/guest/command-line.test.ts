import { describe, expect, test } from 'bun:test';
import { type GuestSpec, guestArguments } from '../../../src/guest/command-line.ts';
import { AGENT_PORT_NAME } from '../../../src/protocol/version.ts';

const base: Omit<GuestSpec, 'memory' | 'start'> = {
  name: 'runner-1',
  machine: { type: 'pc-i440fx-7.2', accelerator: 'tcg', cpu: 'Nehalem', memoryMiB: 256 },
  rootImage: '/images/root.img',
  qmpFd: 3,
  agentFd: 4,
};
const boot = {
  kind: 'boot',
  kernel: '/images/vmlinuz',
  initramfs: '/images/initramfs',
  append: 'quiet root=/dev/vda',
} as const;
const clone: GuestSpec = { ...base, memory: { kind: 'clone', fd: 3 }, start: { kind: 'restore' } };
const baked: GuestSpec = { ...base, memory: { kind: 'writable', path: '/staged/ram' }, start: boot };

/** The values of an option, in order. */
function values(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, index) => (args[index - 1] === option ? [arg] : []));
}

const memoryOf = (args: readonly string[]) =>
  values(args, '-object').filter((object) => object.startsWith('memory-'));

const parts = (value: string) => value.split(',');

describe('a clone', () => {
  const args = guestArguments(clone);

  test('maps the inherited memory privately', () => {
    expect(memoryOf(args)).toEqual([
      'memory-backend-file,id=mem,size=256M,mem-path=/proc/self/fd/3,share=off',
    ]);
  });

  test('waits for its state and has no kernel of its own', () => {
    expect(values(args, '-incoming')).toEqual(['defer']);
    for (const option of ['-kernel', '-initrd', '-append']) expect(args).not.toContain(option);
  });

  test('is the same machine as the one that was baked, but for memory, translation cache and start', () => {
    const differing = new Set(['-object', '-accel', '-incoming', '-kernel', '-initrd', '-append']);
    const rest = (list: readonly string[]) =>
      list.filter((arg, index) => !differing.has(arg) && !differing.has(list[index - 1] ?? ''));
    expect(rest(args)).toEqual(rest(guestArguments(baked)));
  });
});

describe('a guest that is baked', () => {
  const args = guestArguments(baked);

  test('writes its memory to the file', () => {
    expect(memoryOf(args)).toEqual(['memory-backend-file,id=mem,size=256M,mem-path=/staged/ram,share=on']);
  });

  test('boots the kernel of the image', () => {
    expect(values(args, '-kernel')).toEqual([boot.kernel]);
    expect(values(args, '-initrd')).toEqual([boot.initramfs]);
    expect(values(args, '-append')).toEqual([boot.append]);
    expect(args).not.toContain('-incoming');
  });
});

describe.each([
  ['a clone', clone],
  ['a guest that is baked', baked],
])('%s', (_, spec) => {
  const args = guestArguments(spec);

  test('starts stopped, with no device, display or configuration that is not named', () => {
    for (const flag of ['-S', '-nodefaults', '-no-user-config', '-no-reboot']) expect(args).toContain(flag);
    expect(values(args, '-display')).toEqual(['none']);
  });

  test('is filtered: no new privileges, no processes', () => {
    expect(values(args, '-sandbox')).toEqual([
      'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
    ]);
  });

  test('reads its root image and cannot write it, at any layer', () => {
    const blocks = values(args, '-blockdev');
    expect(blocks).toHaveLength(2);
    for (const block of blocks) expect(parts(block)).toContain('read-only=on');
    expect(parts(blocks[0] ?? '')).toContain('filename=/images/root.img');
  });

  test('has its sockets and the port of the agent', () => {
    const sockets = values(args, '-chardev').filter((chardev) => chardev.startsWith('socket,'));
    expect(sockets.map((chardev) => parts(chardev)[2])).toEqual(['fd=3', 'fd=4']);
    expect(values(args, '-device').join(' ')).toContain(`chardev=agent,nr=1,name=${AGENT_PORT_NAME}`);
  });

  test('starts no program', () => {
    expect(args.join(' ')).not.toMatch(/exec:|script=|helper=|cmd:/);
  });

  test('has one network device, which nothing else is connected with', () => {
    expect(values(args, '-netdev')).toEqual(['hubport,id=net,hubid=0', 'hubport,id=net-end,hubid=0']);
    const devices = values(args, '-device').filter((device) => device.startsWith('virtio-net'));
    expect(devices).toHaveLength(1);
    expect(parts(devices[0] ?? '')).toContain('netdev=net');
    expect(args.join(' ')).not.toMatch(/tap|user,|slirp|bridge| -nic| -net /);
  });

  test('has no boot ROM on its network device', () => {
    const device = values(args, '-device').find((value) => value.startsWith('virtio-net'));
    expect(parts(device ?? '')).toContain('romfile=');
  });
});

test('KVM has no translation cache', () => {
  const machine = { ...base.machine, accelerator: 'kvm', cpu: 'host' } as const;
  expect(values(guestArguments({ ...clone, machine }), '-accel')).toEqual(['kvm']);
  expect(values(guestArguments(clone), '-accel')).toEqual([expect.stringMatching(/^tcg,tb-size=\d+$/)]);
});
