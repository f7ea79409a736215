import { describe, expect, test } from 'bun:test';
import { mkdir, readdir } from 'node:fs/promises';
import { TemplateError } from '../../../src/template/manifest.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const publish = async (store: TemplateStore, id: string) => {
  await mkdir(store.staged(id), { recursive: true });
  return store.publish(id);
};

describe('TemplateStore', () => {
  test('says that nothing was baked yet', async () => {
    await using home = await TempFolder.create();
    expect(await failure(new TemplateStore(home.path).current())).toBeInstanceOf(TemplateError);
  });

  test('shows a template only when it is published', async () => {
    await using home = await TempFolder.create();
    const store = new TemplateStore(home.path);
    await mkdir(store.staged('one'), { recursive: true });
    expect(await failure(store.current())).toBeInstanceOf(TemplateError);
    const folder = await store.publish('one');
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
    await mkdir(store.staged('two'));
    await store.clean();
    expect((await readdir(home.file('templates'))).toSorted()).toEqual(['current', 'one']);
    expect(await store.current()).toBe(home.file('templates/one'));
  });
});
