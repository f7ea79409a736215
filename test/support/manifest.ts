import type { Manifest, Pins } from '../../src/template/manifest.ts';

export function pins(more: Partial<Pins> = {}): Pins {
  return {
    qemuVersion: 'QEMU emulator version 7.2.22',
    qemuProgram: '8'.repeat(64),
    machineType: 'pc-i440fx-7.2',
    accelerator: 'tcg',
    cpu: 'Nehalem',
    hostCpu: '',
    memoryMiB: 256,
    hardware: 'a'.repeat(64),
    imageId: 'image-1',
    rootImage: '9'.repeat(64),
    agent: 'b'.repeat(64),
    agentProtocol: 1,
    ...more,
  };
}

export function manifest(more: Partial<Manifest> = {}): Manifest {
  const file = { bytes: 1, sha256: 'c'.repeat(64) };
  return {
    format: 2,
    id: '20240229t120000',
    created: '2024-02-29T12:00:00.000Z',
    pins: pins(),
    agentVersion: '1.0',
    files: { ram: file, state: file },
    ...more,
  };
}
