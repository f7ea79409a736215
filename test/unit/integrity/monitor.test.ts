import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IntegrityMonitor, type MonitorOptions } from '../../../src/integrity/monitor.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { flipBit } from '../../support/bit.ts';
import { failure } from '../../support/failure.ts';
import { IMAGE_ID, writeImage } from '../../support/image-files.ts';
import { manifest, pins } from '../../support/manifest.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { publish } from '../../support/template-files.ts';
import { until } from '../../support/until.ts';

const OTHER_ID = 'f'.repeat(32);

/** A server that runs template `two`; `one`, of another image, is its last good one. */
class Watched implements AsyncDisposable {
  readonly store: TemplateStore;
  readonly #home: TempFolder;
  readonly #monitors: IntegrityMonitor[] = [];
  readonly events: string[] = [];
  /** Why nothing is restored from what runs any more. */
  readonly distrusted: string[] = [];

  private constructor(home: TempFolder) {
    this.#home = home;
    this.store = new TemplateStore(home.path);
  }

  static async create(): Promise<Watched> {
    const watched = new Watched(await TempFolder.create());
    for (const [id, imageId] of [
      ['one', OTHER_ID],
      ['two', IMAGE_ID],
    ] as const) {
      await writeImage(watched.path, imageId);
      await publish(watched.store, id, { imageId });
      await watched.store.promote(id);
    }
    return watched;
  }

  get path(): string {
    return this.#home.path;
  }

  monitor(more: Partial<MonitorOptions> = {}): IntegrityMonitor {
    const monitor = new IntegrityMonitor({
      home: this.path,
      store: this.store,
      checkHours: 0,
      inUse: () => ({
        manifest: manifest({ id: 'two', pins: pins({ imageId: IMAGE_ID }) }),
        distrust: ({ message }) => this.distrusted.push(message),
      }),
      reload: async () => this.events.push('reload'),
      renew: undefined,
      look: async () => {},
      onDamage: (_, file) => this.events.push(file),
      onChecked: () => this.events.push('checked'),
      onTrouble: (error) => this.events.push(String(error)),
      ...more,
    });
    this.#monitors.push(monitor);
    return monitor;
  }

  async links(): Promise<string> {
    const name = (folder: string | undefined) => folder && basename(folder);
    const current = await this.store.current().catch(() => undefined);
    return [name(current), name(await this.store.previous())].join();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const monitor of this.#monitors) await monitor[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
  }
}

const file = (watched: Watched, id: string, name: string) => join(watched.store.folder(id), name);
const imageFile = (watched: Watched, id: string, name: string) => join(watched.path, 'images', id, name);

describe('IntegrityMonitor', () => {
  test('finds nothing where everything is whole', async () => {
    await using watched = await Watched.create();
    expect(await watched.monitor().checkNow()).toEqual([]);
    expect(watched.events).toEqual(['checked']);
    expect(await watched.links()).toBe('two,one');
  });

  test.each(['ram', 'state', 'manifest.json'])(
    'has the last good template take the place of one whose %s is damaged',
    async (name) => {
      await using watched = await Watched.create();
      await flipBit(file(watched, 'two', name));
      const [damage] = await watched.monitor().checkNow();
      expect(damage?.path).toBe(file(watched, 'two', name));
      expect(watched.events).toEqual([name, 'checked', 'reload']);
      expect(await watched.links()).toBe('one,');
      // It is in memory.
      expect(watched.distrusted).toEqual([]);
    },
  );

  test('takes a damaged last good template away, and leaves the one in use alone', async () => {
    await using watched = await Watched.create();
    await flipBit(file(watched, 'one', 'ram'));
    await watched.monitor().checkNow();
    expect(watched.events).toEqual(['ram', 'checked']);
    expect(await watched.links()).toBe('two,');
  });

  test('does not put a damaged template in the place of another', async () => {
    await using watched = await Watched.create();
    for (const id of ['one', 'two']) await flipBit(file(watched, id, 'ram'));
    await watched.monitor().checkNow();
    expect(await watched.links()).toBe(',');
  });

  test('has nothing restored that reads a damaged root image', async () => {
    await using watched = await Watched.create();
    await flipBit(imageFile(watched, IMAGE_ID, 'root.erofs'));
    await watched.monitor().checkNow();
    expect(watched.events).toEqual(['root.erofs', 'checked', 'reload']);
    expect(watched.distrusted).toEqual([expect.stringContaining('root image')]);
    expect(await watched.links()).toBe('one,');
    expect(existsSync(imageFile(watched, IMAGE_ID, 'root.erofs'))).toBe(false);
    expect(existsSync(join(watched.path, 'images/quarantine', IMAGE_ID, 'root.erofs'))).toBe(true);
  });

  test('goes on restoring when it is the kernel that is damaged, which only a bake needs', async () => {
    await using watched = await Watched.create();
    await flipBit(imageFile(watched, IMAGE_ID, 'vmlinuz'));
    await watched.monitor().checkNow();
    expect(watched.events).toEqual(['vmlinuz', 'checked', 'reload']);
    expect(watched.distrusted).toEqual([]);
  });

  test('checks once for all who ask at the same time', async () => {
    await using watched = await Watched.create();
    await rm(file(watched, 'two', 'ram'));
    const monitor = watched.monitor();
    const [first, second] = await Promise.all([monitor.checkNow(), monitor.checkNow()]);
    expect(second).toBe(first);
    expect(first).toHaveLength(1);
    expect(await monitor.checkNow()).toEqual([]);
  });

  test('bakes a new template where it may, when no other can be used', async () => {
    await using watched = await Watched.create();
    await flipBit(file(watched, 'two', 'ram'));
    let isRenewed = false;
    const monitor = watched.monitor({
      reload: async () => {
        watched.events.push('reload');
        if (!isRenewed) throw new Error('does not fit');
      },
      renew: async () => {
        watched.events.push('renew');
        isRenewed = true;
      },
    });
    await monitor.checkNow();
    await until('the second try', () => watched.events.length >= 5);
    expect(watched.events).toEqual(['ram', 'checked', 'reload', 'renew', 'reload']);
  });

  test('says so when no other can be used and none is to be baked', async () => {
    await using watched = await Watched.create();
    await flipBit(file(watched, 'two', 'ram'));
    await watched.monitor({ reload: () => Promise.reject(new Error('does not fit')) }).checkNow();
    await until('the trouble', () => watched.events.length >= 3);
    expect(watched.events).toEqual(['ram', 'checked', 'Error: does not fit']);
  });

  test('ends a check that is under way, and takes nothing out of use for it', async () => {
    await using watched = await Watched.create();
    const monitor = watched.monitor();
    const checking = failure(monitor.checkNow());
    await monitor[Symbol.asyncDispose]();
    expect(await checking).toMatchObject({ message: 'the server is ending' });
    expect(await watched.links()).toBe('two,one');
  });
});
