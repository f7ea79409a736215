import { describe, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ImageCorruptError } from '../../../src/image/errors.ts';
import { type Found, NoTemplateError, openLastGood } from '../../../src/integrity/last-good.ts';
import { checkTemplate } from '../../../src/template/check.ts';
import { TemplateMisfitError } from '../../../src/template/manifest.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { flipBit } from '../../support/bit.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { promoteAll } from '../../support/template-files.ts';

class Start implements AsyncDisposable {
  readonly store: TemplateStore;
  readonly problems: string[] = [];
  /** Ids of templates that do not fit. */
  readonly misfits = new Set<string>();
  /** Names of the templates that are open. */
  readonly opened: string[] = [];
  readonly #home: TempFolder;

  private constructor(home: TempFolder) {
    this.#home = home;
    this.store = new TemplateStore(home.path);
  }

  static async with(...ids: string[]): Promise<Start> {
    const start = new Start(await TempFolder.create());
    await promoteAll(start.store, ids);
    return start;
  }

  /** Of the data folder. */
  get path(): string {
    return this.#home.path;
  }

  open(): Promise<Found<AsyncDisposable>> {
    const report = ({ message }: Error) => this.problems.push(message);
    return openLastGood(this.path, (folder) => this.#openFolder(folder), report);
  }

  async #openFolder(folder: string): Promise<AsyncDisposable> {
    const { id } = await checkTemplate(folder);
    if (this.misfits.has(id)) throw new TemplateMisfitError(`${id} does not fit`);
    this.opened.push(id);
    return {
      [Symbol.asyncDispose]: async () => {
        this.opened.splice(this.opened.indexOf(id), 1);
      },
    };
  }

  async state(): Promise<Record<string, string>> {
    const link = async (folder: Promise<string | undefined>) => {
      const found = await folder.catch(() => undefined);
      return found === undefined ? 'none' : basename(found);
    };
    const quarantined = (await this.store.list()).filter(({ state }) => state === 'quarantined');
    return {
      current: await link(this.store.current()),
      previous: await link(this.store.previous()),
      quarantined: quarantined.map(({ id }) => id).join(),
    };
  }

  file(id: string, name: string): string {
    return join(this.store.folder(id), name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#home[Symbol.asyncDispose]();
  }
}

describe('openLastGood', () => {
  test('opens the template in use, and changes nothing', async () => {
    await using start = await Start.with('one', 'two');
    expect((await start.open()).damaged).toEqual([]);
    expect(start.opened).toEqual(['two']);
    expect(start.problems).toEqual([]);
    expect(await start.state()).toEqual({ current: 'two', previous: 'one', quarantined: '' });
  });

  test.each(['ram', 'state', 'manifest.json'])(
    'goes back to the last good one when a bit of %s is not as it was',
    async (file) => {
      await using start = await Start.with('one', 'two');
      await flipBit(start.file('two', file));
      expect((await start.open()).damaged).toEqual([file]);
      expect(start.opened).toEqual(['one']);
      expect(start.problems).toEqual([expect.stringContaining(start.file('two', file))]);
      expect(await start.state()).toEqual({ current: 'one', previous: 'none', quarantined: 'two' });
    },
  );

  test('goes back when a file is missing', async () => {
    await using start = await Start.with('one', 'two');
    await rm(start.file('two', 'state'));
    expect((await start.open()).damaged).toEqual(['state']);
    expect(start.opened).toEqual(['one']);
  });

  test('says what is wrong with both, and what to do, when neither is whole', async () => {
    await using start = await Start.with('one', 'two');
    await flipBit(start.file('two', 'ram'));
    await flipBit(start.file('one', 'state'));
    const error = await failure(start.open());
    expect(error).toBeInstanceOf(NoTemplateError);
    expect(error).toMatchObject({ message: expect.stringMatching(/two\/ram is damaged.*scripts\/up/s) });
    expect(start.opened).toEqual([]);
    expect(await start.state()).toMatchObject({ current: 'none', previous: 'none' });
  });

  test('takes the last good one when that fits and the one in use does not, which stays', async () => {
    await using start = await Start.with('one', 'two');
    start.misfits.add('two');
    await start.open();
    expect(start.opened).toEqual(['one']);
    expect(start.problems).toEqual(['two does not fit']);
    expect(await start.state()).toEqual({ current: 'one', previous: 'two', quarantined: '' });
  });

  test('opens none that does not fit, and takes none out of use for it', async () => {
    await using start = await Start.with('one', 'two');
    start.misfits.add('one');
    start.misfits.add('two');
    const error = await failure(start.open());
    expect(error).toBeInstanceOf(NoTemplateError);
    expect(error).toMatchObject({ message: expect.stringContaining('two does not fit; one does not fit') });
    expect(start.opened).toEqual([]);
    expect(await start.state()).toEqual({ current: 'two', previous: 'one', quarantined: '' });
  });

  test('does not go back to a damaged one when the one in use does not fit', async () => {
    await using start = await Start.with('one', 'two');
    start.misfits.add('two');
    await flipBit(start.file('one', 'ram'));
    expect(await failure(start.open())).toBeInstanceOf(NoTemplateError);
    expect(await start.state()).toEqual({ current: 'two', previous: 'none', quarantined: 'one' });
  });

  test('says that there is none before the first bake', async () => {
    await using start = await Start.with();
    expect(await failure(start.open())).toBeInstanceOf(NoTemplateError);
  });

  test.each([
    ['this process has no descriptor left', Object.assign(new Error('no'), { code: 'EMFILE' })],
    ['there is no memory for it', new Error('no memory')],
  ])('blames no template when %s', async (_, error) => {
    await using start = await Start.with('one', 'two');
    const open = () => Promise.reject(error);
    expect(await failure(openLastGood(start.path, open, () => {}))).toBe(error);
    expect(await start.state()).toEqual({ current: 'two', previous: 'one', quarantined: '' });
  });

  test('takes an image out of use, and with it the templates that were baked from it', async () => {
    await using start = await Start.with('one', 'two');
    const open = () => Promise.reject(new ImageCorruptError('/images/x/root.erofs', 'is missing'));
    expect(await failure(openLastGood(start.path, open, () => {}))).toBeInstanceOf(NoTemplateError);
    expect(await start.state()).toMatchObject({ current: 'none', quarantined: 'one,two' });
  });
});
