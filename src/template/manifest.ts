/** What a template's `manifest.json` holds, and what a restore depends on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeFileAtomic } from '../lib/files.ts';

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const FileRecord = Type.Object({ bytes: Type.Integer({ minimum: 1 }), sha256: Digest });

/**
 * The facts that a saved state is bound to: it fits a host where each of them is the same, and no other.
 */
export const Pins = Type.Object({
  qemuVersion: Type.String(),
  machineType: Type.String(),
  accelerator: Type.Union([Type.Literal('kvm'), Type.Literal('tcg')]),
  cpu: Type.String(),
  /** The host's CPU: guests see it under KVM, and their clock counts by it under TCG. */
  hostCpu: Type.String(),
  memoryMiB: Type.Integer(),
  /** Digest of the whole virtual hardware, as QEMU's arguments describe it. */
  hardware: Digest,
  imageId: Type.String(),
  /** Digest of the root image: its pages are in the template's memory. */
  rootImage: Digest,
  /** Digest of the agent's program. */
  agent: Digest,
  agentProtocol: Type.Integer(),
});
export type Pins = Static<typeof Pins>;

export const Manifest = Type.Object({
  format: Type.Literal(1),
  id: Type.String({ pattern: '^[0-9a-z-]{1,64}$' }),
  created: Type.String(),
  pins: Pins,
  /** What the baked agent calls itself; each clone must say the same. */
  agentVersion: Type.String(),
  files: Type.Object({ ram: FileRecord, state: FileRecord }),
});
export type Manifest = Static<typeof Manifest>;
export type FileRecord = Static<typeof FileRecord>;

export const MANIFEST_FILE = 'manifest.json';
export const RAM_FILE = 'ram';
export const STATE_FILE = 'state';

/** A template that must not be used: damaged, incomplete, or baked for something else. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Reads a template's manifest.
 * @throws {TemplateError} When it is missing or not of the known form.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new TemplateError(`${path} cannot be read`, { cause });
  }
  if (Value.Check(Manifest, manifest)) return manifest;
  const first = Value.Errors(Manifest, manifest).First();
  throw new TemplateError(`${path} is not a template's manifest: ${first?.path} ${first?.message}`);
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

const PIN_NAMES: Readonly<Record<keyof Pins, string>> = {
  qemuVersion: 'QEMU',
  machineType: 'machine type',
  accelerator: 'accelerator',
  cpu: 'CPU model',
  hostCpu: 'host CPU',
  memoryMiB: 'guest memory (MiB)',
  hardware: 'virtual hardware',
  imageId: 'image',
  rootImage: 'root image',
  agent: 'agent',
  agentProtocol: 'agent protocol',
};

/** One sentence for each fact that differs between the template and this host. */
export function differences(baked: Pins, present: Pins): string[] {
  const keys = Object.keys(PIN_NAMES).filter((key): key is keyof Pins => key in baked);
  return keys
    .filter((key) => baked[key] !== present[key])
    .map((key) => `${PIN_NAMES[key]} was "${baked[key]}" at the bake and is "${present[key]}" now`);
}
