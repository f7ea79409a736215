import { describe, expect, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import {
  differences,
  MANIFEST_FILE,
  type Pins,
  readManifest,
  TemplateError,
  writeManifest,
} from '../../../src/template/manifest.ts';
import { failure } from '../../support/failure.ts';
import { manifest, pins } from '../../support/manifest.ts';
import { TempFolder } from '../../support/temp-folder.ts';

describe('differences', () => {
  test('are none between the same facts', () => {
    expect(differences(pins(), pins())).toEqual([]);
  });

  /** Another value for each pin, and what the sentence calls it. A new pin without an entry does not compile. */
  const others: Readonly<Record<keyof Pins, readonly [Partial<Pins>, string]>> = {
    qemuVersion: [{ qemuVersion: 'QEMU emulator version 10.0.2' }, 'QEMU'],
    qemuProgram: [{ qemuProgram: '7'.repeat(64) }, 'program of QEMU'],
    machineType: [{ machineType: 'pc-i440fx-10.0' }, 'machine type'],
    accelerator: [{ accelerator: 'kvm' }, 'accelerator'],
    cpu: [{ cpu: 'host' }, 'CPU model'],
    hostCpu: [{ hostCpu: 'another' }, 'host CPU'],
    memoryMiB: [{ memoryMiB: 512 }, 'guest memory'],
    hardware: [{ hardware: 'd'.repeat(64) }, 'virtual hardware'],
    imageId: [{ imageId: 'image-2' }, 'image'],
    rootImage: [{ rootImage: 'f'.repeat(64) }, 'root image'],
    agent: [{ agent: 'e'.repeat(64) }, 'agent'],
    agentProtocol: [{ agentProtocol: 2 }, 'agent protocol'],
  };

  test.each(Object.entries(others))('name %s with both its values', (name, [other, words]) => {
    const [sentence, ...rest] = differences(pins(), pins(other));
    expect(rest).toEqual([]);
    expect(sentence).toStartWith(words);
    const before = new Map<string, string | number>(Object.entries(pins())).get(name);
    expect(sentence).toContain(`"${before}" at the bake`);
    expect(sentence).toContain(`"${Object.values(other)[0]}" now`);
  });

  test('are all named', () => {
    const all = Object.assign(pins(), ...Object.values(others).map(([other]) => other));
    expect(differences(pins(), all)).toHaveLength(Object.keys(others).length);
  });
});

describe('readManifest', () => {
  test('gives what was written', async () => {
    await using folder = await TempFolder.create();
    await writeManifest(folder.path, manifest());
    expect(await readManifest(folder.path)).toEqual(manifest());
  });

  test('says which file is missing', async () => {
    await using folder = await TempFolder.create();
    await expectRefusal(folder);
  });

  test.each([
    ['empty', ''],
    ['cut off', JSON.stringify(manifest()).slice(0, -1)],
    ['null', 'null'],
    ['a list', '[]'],
    ['of another format', JSON.stringify({ ...manifest(), format: 3 })],
    ['of an id that leads elsewhere', JSON.stringify(manifest({ id: '../other' }))],
    ['without a pin', JSON.stringify({ ...manifest(), pins: { ...pins(), cpu: undefined } })],
    ['of an unknown accelerator', JSON.stringify({ ...manifest(), pins: { ...pins(), accelerator: 'xen' } })],
    ['without its files', JSON.stringify({ ...manifest(), files: {} })],
    ['of empty memory', JSON.stringify(withRam({ bytes: 0, sha256: 'c'.repeat(64) }))],
    ['of half a byte', JSON.stringify(withRam({ bytes: 1.5, sha256: 'c'.repeat(64) }))],
    ['of a digest too short', JSON.stringify(withRam({ bytes: 1, sha256: 'c'.repeat(63) }))],
    ['of a digest in capitals', JSON.stringify(withRam({ bytes: 1, sha256: 'C'.repeat(64) }))],
  ])('refuses a manifest that is %s', async (_, text) => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file(MANIFEST_FILE), text);
    await expectRefusal(folder);
  });
});

function withRam(ram: object): object {
  const { files, ...rest } = manifest();
  return { ...rest, files: { ...files, ram } };
}

async function expectRefusal(folder: TempFolder): Promise<void> {
  const error = await failure(readManifest(folder.path));
  expect(error).toBeInstanceOf(TemplateError);
  expect(error).toMatchObject({ message: expect.stringContaining(folder.file(MANIFEST_FILE)) });
}
