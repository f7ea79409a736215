/** What a template's `manifest.json` holds, and what a restore depends on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeFileAtomic } from '../lib/files.ts';
import { whyUnreadable } from '../lib/unreadable.ts';

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const FileRecord = Type.Object({ bytes: Type.Integer({ minimum: 1 }), sha256: Digest });

/**
 * The facts that a saved state is bound to: it fits a host where each of them is the same, and no other.
 */
export const Pins = Type.Object({
  qemuVersion: Type.String(),
  /** Digest of QEMU's program: two builds may call themselves the same. */
  qemuProgram: Digest,
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

/** Raised when an older reader would misunderstand a manifest, or an older manifest says too little. */
export const MANIFEST_FORMAT = 2;

export const Manifest = Type.Object({
  format: Type.Literal(MANIFEST_FORMAT),
  id: Type.String({ pattern: '^[0-9a-z-]{1,64}$' }),
  created: Type.String(),
  pins: Pins,
  /** What the baked agent calls itself; each clone must say the same. */
  agentVersion: Type.String(),
  files: Type.Object({ ram: FileRecord, state: FileRecord }),
});
export type Manifest = Static<typeof Manifest>;
const OtherFormat = Type.Object({
  format: Type.Intersect([Type.Integer({ minimum: 1 }), Type.Not(Type.Literal(MANIFEST_FORMAT))]),
});
export type FileRecord = Static<typeof FileRecord>;

export const MANIFEST_FILE = 'manifest.json';
export const RAM_FILE = 'ram';
export const STATE_FILE = 'state';

/** A template that must not be used: damaged, incomplete, or baked for something else. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
}

/** A file of a template is missing, or not what was baked. */
export class TemplateDamagedError extends TemplateError {
  override readonly name = 'TemplateDamagedError';
  /** Of the file. */
  readonly path: string;

  /** @param what Follows the path in a sentence. */
  constructor(path: string, what: string, options?: ErrorOptions) {
    super(`${path} ${what}`, options);
    this.path = path;
  }
}

/** A template that is whole as far as can be told, but was baked for something else. */
export class TemplateMisfitError extends TemplateError {
  override readonly name = 'TemplateMisfitError';
}

/**
 * Reads a template's manifest.
 * @throws {TemplateMisfitError} When another version of CodeLand wrote it.
 * @throws {TemplateDamagedError} When it is missing or not of the known form.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  const text = await ofFile(path, readFile(path, 'utf8'));
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new TemplateDamagedError(path, 'is not JSON', { cause });
  }
  if (Value.Check(Manifest, manifest)) return manifest;
  if (Value.Check(OtherFormat, manifest)) {
    throw new TemplateMisfitError(
      `${path} has format ${manifest.format}, which another version of CodeLand wrote; this one needs ${MANIFEST_FORMAT}`,
    );
  }
  const first = Value.Errors(Manifest, manifest).First();
  throw new TemplateDamagedError(path, `is not a template's manifest: ${first?.path} ${first?.message}`);
}

/**
 * What comes of reading a template's file.
 * @throws {TemplateDamagedError} When it fails for the file's own fault.
 * @throws What it fails with otherwise.
 */
export async function ofFile<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const why = whyUnreadable(cause);
    throw why === undefined ? cause : new TemplateDamagedError(path, why, { cause });
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

const PIN_NAMES: Readonly<Record<keyof Pins, string>> = {
  qemuVersion: 'QEMU',
  qemuProgram: 'program of QEMU (SHA-256)',
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
