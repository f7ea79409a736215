import { describe, expect, test } from 'bun:test';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TemplateError } from '../../../src/template/manifest.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const publish = async (store: TemplateStore, id: string) => {
  await using staging = await store.stage();
  const folder = join(staging.path, 'template');
  await mkdir(folder);
  return await store.publish(folder, id, staging);
};

describe('TemplateStore', () => {
  test('says that nothing was baked yet', async () => {
    await using home = await TempFolder.create();
    expect(await failure(new TemplateStore(home.path).current())).toBeInstanceOf(TemplateError);
  });

  test('shows a template only when it is published', async () => {
    await using home = await TempFolder.create();
    const store = new TemplateStore(home.path);
    {
      await using _ = await store.stage();
      expect(await failure(store.current())).toBeInstanceOf(TemplateError);
    }
    const folder = await publish(store, 'one');
    expect(folder).toBe(home.file('templates/one'));
    expect(await store.current()).toBe(folder);
  });

  test('keeps the one before, for guests that were restored from it, and none older', async () => {
    await using home = await TempFolder.create();
    const store = new TemplateStore(home.path);
    for (const id of ['one', 'two', 'three']) await publish(store, id);
    expect(await store.current()).toBe(home.file('templates/three'));
    expect(await readdir(home.file('templates'))).toEqual(
      expect.arrayContaining(['current', 'three', 'two']),
    );
    expect(await readdir(home.file('templates'))).not.toContain('one');
  });

  test('removes what an interrupted bake left, and no template', async () => {
    await using home = await TempFolder.create();
    const store = new TemplateStore(home.path);
    await publish(store, 'one');
    // A process that cannot be: ids end at 2^22.
    await mkdir(home.file('templates/.staging-99999999-1-abcdef'));
    await using staging = await store.stage();
    await staging[Symbol.asyncDispose]();
    expect((await readdir(home.file('templates'))).toSorted()).toEqual(['current', 'one']);
    expect(await store.current()).toBe(home.file('templates/one'));
  });
});
