import { afterEach, describe, expect, test } from 'bun:test';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { inspectQemu } from '../../../src/guest/qemu.ts';
import { readInputs } from '../../../src/image/inputs.ts';
import { imageId } from '../../../src/image/paths.ts';
import { Upgrades, type UpgradesOptions } from '../../../src/integrity/upgrades.ts';
import { sha256 } from '../../../src/lib/digest.ts';
import type { Pins } from '../../../src/template/manifest.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { failure } from '../../support/failure.ts';
import { pins } from '../../support/manifest.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { publish } from '../../support/template-files.ts';

const PATH = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = PATH;
});

const ORIGINAL = fakeQemu('7.2.22');

/** A QEMU as far as it tells of itself. */
function fakeQemu(version: string): string {
  return `#!/bin/sh
case $1 in
  --version) echo 'QEMU emulator version ${version}' ;;
  *) echo 'pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-${version.slice(0, 3)})' ;;
esac
`;
}

class Host implements AsyncDisposable {
  readonly store: TemplateStore;
  readonly events: string[] = [];
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.store = new TemplateStore(folder.path);
  }

  /** A host on which {@link ORIGINAL} is the QEMU that is found first. */
  static async create(): Promise<Host> {
    const host = new Host(await TempFolder.create());
    await mkdir(host.#folder.file('bin'));
    process.env['PATH'] = `${host.#folder.file('bin')}:${PATH}`;
    await host.install(ORIGINAL);
    return host;
  }

  /** As a package manager does it: another file of the same name. */
  async install(program: string): Promise<void> {
    const path = this.#folder.file('bin/qemu-system-x86_64');
    await rm(path, { force: true });
    await writeFile(path, program, { mode: 0o755 });
  }

  async remove(): Promise<void> {
    await rm(this.#folder.file('bin/qemu-system-x86_64'));
    process.env['PATH'] = this.#folder.file('bin');
  }

  /** @param baked What of the pins is not as usual. */
  async upgrades(baked: Partial<Pins> = {}, more: Partial<UpgradesOptions> = {}): Promise<Upgrades> {
    const present = pins({
      qemuProgram: sha256(ORIGINAL),
      imageId: imageId((await readInputs()).digest),
      ...baked,
    });
    return new Upgrades({
      store: this.store,
      pins: () => present,
      renew: async () => {
        this.events.push('renew');
      },
      reload: async () => this.events.push('reload'),
      onUpgraded: (what, is) => this.events.push(`${what} ${is ? 'upgraded' : 'same'}`),
      onNotice: ({ message }) => this.events.push(message.replace(/ .*/, '')),
      ...more,
    });
  }

  get qemu(): string {
    return this.#folder.file('bin/qemu-system-x86_64');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#folder[Symbol.asyncDispose]();
  }
}

const SIGNAL = new AbortController().signal;
async function look(upgrades: Upgrades, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await upgrades.look(SIGNAL);
}

describe('inspectQemu', () => {
  test('tells two builds apart that call themselves the same', async () => {
    await using host = await Host.create();
    const before = await inspectQemu();
    expect(before).toEqual({
      version: 'QEMU emulator version 7.2.22',
      machineType: 'pc-i440fx-7.2',
      program: sha256(ORIGINAL),
    });
    await host.install(`${ORIGINAL}# rebuilt\n`);
    const { program, ...rest } = await inspectQemu();
    expect(program).not.toBe(before.program);
    expect(rest).toEqual({ version: before.version, machineType: before.machineType });
  });
});

describe('Upgrades', () => {
  test('have nothing to say while all is as it was baked', async () => {
    await using host = await Host.create();
    await look(await host.upgrades(), 3);
    expect(host.events).toEqual(['image same', 'qemu same']);
  });

  test('tell of a new QEMU once it has settled, once, and have a template baked for the next start', async () => {
    await using host = await Host.create();
    const upgrades = await host.upgrades();
    await look(upgrades, 2);
    host.events.length = 0;
    await host.install(fakeQemu('8.2.0'));
    await look(upgrades, 1);
    expect(host.events).toEqual([]);
    await look(upgrades, 3);
    expect(host.events).toEqual(['qemu upgraded', host.qemu, 'renew']);
  });

  test('tell when the QEMU of the bake is back', async () => {
    await using host = await Host.create();
    const upgrades = await host.upgrades({}, { renew: undefined });
    await host.install(fakeQemu('8.2.0'));
    await look(upgrades, 2);
    await host.install(ORIGINAL);
    await look(upgrades, 2);
    expect(host.events).toEqual(['image same', 'qemu upgraded', host.qemu, 'qemu same']);
  });

  test('reject when QEMU is gone', async () => {
    await using host = await Host.create();
    const upgrades = await host.upgrades();
    await host.remove();
    expect(await failure(upgrades.look(SIGNAL))).toMatchObject({ name: 'QemuMissingError' });
  });

  test('tell of a new image, and bring a template of it into use', async () => {
    await using host = await Host.create();
    await look(await host.upgrades({ imageId: 'older' }), 2);
    expect(host.events).toEqual(['image upgraded', 'the', 'renew', 'reload', 'qemu same']);
  });

  test('leave it at that where somebody went back from the new image', async () => {
    await using host = await Host.create();
    await publish(host.store, 'tried', { imageId: imageId((await readInputs()).digest) });
    await look(await host.upgrades({ imageId: 'older' }), 2);
    expect(host.events).toEqual(['image upgraded', 'the', 'qemu same']);
  });
});
