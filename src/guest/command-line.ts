/** From a guest's description to QEMU's arguments. Pure: the same description gives the same arguments. */
import { AGENT_PORT_NAME } from '../protocol/version.ts';
import type { Machine } from './machine.ts';

/** Where the guest's RAM lives. */
export type GuestMemory =
  /** A file that the guest writes: only the bake does this. */
  | { readonly kind: 'writable'; readonly path: string }
  /** A sealed memory file inherited as this descriptor, mapped privately (copy-on-write). */
  | { readonly kind: 'clone'; readonly fd: number };

export type GuestStart =
  | { readonly kind: 'boot'; readonly kernel: string; readonly initramfs: string; readonly append: string }
  /** Waits for `migrate-incoming` over QMP. `forks`: others are forked from it. */
  | { readonly kind: 'restore'; readonly forks?: boolean };

/** The root file system: a path, or an inherited descriptor, which is open for reading. */
export type RootImage = string | { readonly fd: number };

export type GuestSpec = {
  readonly name: string;
  readonly machine: Machine;
  readonly memory: GuestMemory;
  readonly start: GuestStart;
  readonly rootImage: RootImage;
  /** Inherited sockets that have a name, and on which QEMU is to listen. */
  readonly qmpFd: number;
  readonly agentFd: number;
};

/**
 * Translated code that a TCG guest keeps, MiB. A run with its warm-ups translates about 40 MiB; a cache that is too
 * small is dropped whole and made again (ten times slower). Only what is used of it costs memory. That of a guest that is
 * forked holds its corpus, 233 MiB, which forks share with it, and what they add.
 */
const TCG_CACHE_MIB = { boot: 128, restore: 128, forks: 384 } as const;

/** Kernel messages kept for a look at a dead guest, bytes; a power of two, as `ringbuf` asks. */
const CONSOLE_BYTES = 65_536;

/** Threads that read for a guest: QEMU would start up to 64, as many as it may have in all, and end when it cannot. */
const IO_THREADS = 16;

/** QEMU's own system call filter: no new privileges, no processes, no resource control. */
const SANDBOX = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

/** Id in QEMU of what is behind the guest's network device. */
export const NETWORK_ID = 'net';

/** QEMU separates options by commas; one inside a value is doubled. */
const quote = (value: string): string => value.replaceAll(',', ',,');

/** QEMU's arguments for a guest, without the program's own name. */
export function guestArguments(spec: GuestSpec): string[] {
  return [
    ...['-name', `guest=${quote(spec.name)}`],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-S'],
    ...['-sandbox', SANDBOX],
    ...['-object', `main-loop,id=main-loop,thread-pool-max=${IO_THREADS}`],
    ...machineArguments(spec.machine, spec.start),
    ...memoryArguments(spec.memory, spec.machine.memoryMiB, spec.start),
    ...['-chardev', `socket,id=qmp,fd=${spec.qmpFd},server=on,wait=off`],
    ...['-mon', 'chardev=qmp,mode=control'],
    ...['-chardev', `socket,id=agent,fd=${spec.agentFd},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci,id=serial,max_ports=2'],
    ...['-device', `virtserialport,chardev=agent,nr=1,name=${AGENT_PORT_NAME}`],
    ...rootArguments(spec.rootImage),
    ...['-blockdev', 'driver=raw,node-name=root,read-only=on,file=root-file'],
    ...['-device', 'virtio-blk-pci,drive=root'],
    ...['-device', 'virtio-balloon-pci,id=balloon'],
    ...networkArguments(),
    ...['-chardev', `ringbuf,id=console,size=${CONSOLE_BYTES}`],
    ...['-device', 'isa-serial,chardev=console'],
    ...startArguments(spec.start),
  ];
}

/**
 * Devices that a guest does not need. ACPI stays: without it the kernel has no reference to calibrate its clock
 * with, falls back to counting ticks, and loses time on a busy host (2.4 % in one run).
 */
const LEAN = 'usb=off,vmport=off,smbus=off,i8042=off,hpet=off';

/** QEMU opens no path for a descriptor of a set, so it needs no right to the file. */
function rootArguments(image: RootImage): string[] {
  const [set, path] =
    typeof image === 'string' ? [[], image] : [['-add-fd', `fd=${image.fd},set=1`], '/dev/fdset/1'];
  return [...set, '-blockdev', `driver=file,node-name=root-file,read-only=on,filename=${quote(path)}`];
}

/**
 * A guest's memory is in no core dump, and never merged with equal pages of another's, which would let one guest find
 * out by timing what another has.
 */
const APART = 'dump-guest-core=off,mem-merge=off';

function machineArguments(machine: Machine, start: GuestStart): string[] {
  const cache = TCG_CACHE_MIB[start.kind === 'restore' && start.forks ? 'forks' : start.kind];
  const accelerator = machine.accelerator === 'tcg' ? `tcg,tb-size=${cache}` : 'kvm';
  return [
    ...['-machine', `${machine.type},memory-backend=mem,${LEAN},${APART}`],
    ...['-accel', accelerator, '-cpu', machine.cpu, '-smp', '1', '-m', `${machine.memoryMiB}M`],
  ];
}

/** Of the host's large pages, in which the RAM of a guest that is forked is kept. */
const LARGE_PAGES = 'align=2M';

function memoryArguments(memory: GuestMemory, sizeMiB: number, start: GuestStart): string[] {
  const [path, share] =
    memory.kind === 'writable' ? [quote(memory.path), 'on'] : [`/proc/self/fd/${memory.fd}`, 'off'];
  const align = start.kind === 'restore' && start.forks ? `,${LARGE_PAGES}` : '';
  return ['-object', `memory-backend-file,id=mem,size=${sizeMiB}M,mem-path=${path},share=${share}${align}`];
}

/**
 * A device whose packets go nowhere: a hub with nothing else on it but an open end. Without that end the hub would
 * take no packet at all, and what a program sends would wait in the guest for ever. The device has no boot ROM, and
 * tells the guest nothing of a migration, which would have it announce the address of the template.
 */
function networkArguments(): string[] {
  return [
    ...['-netdev', `hubport,id=${NETWORK_ID},hubid=0`],
    ...['-netdev', `hubport,id=${NETWORK_ID}-end,hubid=0`],
    ...['-device', `virtio-net-pci,netdev=${NETWORK_ID},romfile=,guest_announce=off`],
  ];
}

function startArguments(start: GuestStart): string[] {
  if (start.kind === 'restore') return ['-incoming', 'defer'];
  return ['-kernel', start.kernel, '-initrd', start.initramfs, '-append', start.append];
}
