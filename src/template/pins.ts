/** The facts of this host and this build that a template is bound to. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Accelerator } from '../guest/accelerator.ts';
import { guestArguments } from '../guest/command-line.ts';
import { CPU_MODEL, type Machine } from '../guest/machine.ts';
import type { QemuInfo } from '../guest/qemu.ts';
import type { Image } from '../image/manifest.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Pins } from './manifest.ts';

export async function presentPins(qemu: QemuInfo, accelerator: Accelerator, image: Image): Promise<Pins> {
  const cpu = CPU_MODEL[accelerator.name];
  const { id, memoryMiB, agent, files } = image.manifest;
  const pins = {
    qemuVersion: qemu.version,
    qemuProgram: qemu.program,
    machineType: qemu.machineType,
    accelerator: accelerator.name,
    cpu,
    hostCpu: await hostCpuModel(),
    memoryMiB,
    imageId: id,
    rootImage: files['root.erofs'].sha256,
    agent: agent.sha256,
    // What this build speaks, whatever the image was built for.
    agentProtocol: PROTOCOL_VERSION,
  };
  return { ...pins, hardware: hardwareDigest(machineOf(pins)) };
}

/** The machine that these pins describe. */
export function machineOf(pins: Pick<Pins, 'machineType' | 'accelerator' | 'cpu' | 'memoryMiB'>): Machine {
  return {
    type: pins.machineType,
    accelerator: pins.accelerator,
    cpu: pins.cpu,
    memoryMiB: pins.memoryMiB,
  };
}

/** Digest of the arguments of a guest whose paths are all the same: any change of a device changes it. */
function hardwareDigest(machine: Machine): string {
  const args = guestArguments({
    name: 'guest',
    machine,
    memory: { kind: 'clone', fd: 3 },
    start: { kind: 'restore' },
    rootImage: 'root',
    qmpFd: 4,
    agentFd: 5,
  });
  // How the accelerator is tuned is not part of what a guest sees.
  args.splice(args.indexOf('-accel'), 2);
  return createHash('sha256').update(args.join('\0')).digest('hex');
}

async function hostCpuModel(): Promise<string> {
  const text = await readFile('/proc/cpuinfo', 'utf8');
  const value = (name: string) => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1] ?? '';
  return `${value('model name')}, microcode ${value('microcode')}`;
}
