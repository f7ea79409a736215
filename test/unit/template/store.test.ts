import { describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TemplateError } from '../../../src/template/manifest.ts';
import { NoPreviousTemplateError, TemplateInUseError, TemplateStore } from '../../../src/template/store.ts';
import { failure } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { promoteAll, publish } from '../../support/template-files.ts';

const NOBODY = new Map<string, readonly string[]>();

/** A store with these templates, promoted one after the other. */
async function storeWith(...ids: string[]) {
  const home = await TempFolder.create();
  const store = new TemplateStore(home.path);
  await promoteAll(store, ids);
  return { home, store, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** Names of the current template and the previous one. */
async function inUse(store: TemplateStore): Promise<[string, string | undefined]> {
  const previous = await store.previous();
  return [basename(await store.current()), previous && basename(previous)];
}

const ids = async (store: TemplateStore) => (await store.list()).map(({ id }) => id);

const damage = (store: TemplateStore, id: string) => writeFile(join(store.folder(id), 'ram'), 'other');

describe('TemplateStore', () => {
  test('says that nothing was baked yet', async () => {
    await using at = await storeWith();
    expect(await failure(at.store.current())).toBeInstanceOf(TemplateError);
    expect(await at.store.previous()).toBeUndefined();
    expect(await at.store.list()).toEqual([]);
  });

  test('has a template when it is published, and uses it when it is promoted', async () => {
    await using at = await storeWith();
    {
      await using _ = await at.store.stage();
      expect(await ids(at.store)).toEqual([]);
    }
    const folder = await publish(at.store, 'one');
    expect(folder).toBe(at.home.file('templates/one'));
    expect(await ids(at.store)).toEqual(['one']);
    expect(await failure(at.store.current())).toBeInstanceOf(TemplateError);
    await at.store.promote('one');
    expect(await at.store.current()).toBe(folder);
  });

  test('does not publish over a template', async () => {
    await using at = await storeWith('one');
    expect(await failure(publish(at.store, 'one'))).toBeInstanceOf(TemplateError);
    await at.store.promote('one');
  });

  test('removes what an interrupted bake left, and no template', async () => {
    await using at = await storeWith('one');
    // A process that cannot be: ids end at 2^22.
    await mkdir(at.home.file('templates/.staging-99999999-1-abcdef'));
    {
      await using _ = await at.store.stage();
    }
    const left = (await readdir(at.home.file('templates'))).filter((name) => name !== '.lock');
    expect(left.toSorted()).toEqual(['current', 'one']);
  });
});

describe('promotion', () => {
  test('keeps the last good one', async () => {
    await using at = await storeWith('one', 'two', 'three');
    expect(await inUse(at.store)).toEqual(['three', 'two']);
    expect(await ids(at.store)).toEqual(['one', 'three', 'two']);
  });

  test('of the one in use changes nothing', async () => {
    await using at = await storeWith('one', 'two');
    await at.store.promote('two');
    expect(await inUse(at.store)).toEqual(['two', 'one']);
  });

  test.each(['none', '', '../one', 'current', 'quarantine'])('refuses "%s"', async (id) => {
    await using at = await storeWith('one', 'two');
    expect(await failure(at.store.promote(id))).toBeInstanceOf(TemplateError);
    expect(await inUse(at.store)).toEqual(['two', 'one']);
  });

  test('refuses a damaged one', async () => {
    await using at = await storeWith('one');
    await publish(at.store, 'two');
    await damage(at.store, 'two');
    expect(await failure(at.store.promote('two'))).toBeInstanceOf(TemplateError);
    expect(await inUse(at.store)).toEqual(['one', undefined]);
  });

  test('that was cut short between its steps is made good by the next', async () => {
    await using at = await storeWith('one', 'two');
    // What a kill leaves after the first step of promoting a third.
    await publish(at.store, 'three');
    await rm(at.store.folder('previous'));
    await symlink('two', at.store.folder('previous'));
    expect(await inUse(at.store)).toEqual(['two', undefined]);
    await at.store.promote('three');
    expect(await inUse(at.store)).toEqual(['three', 'two']);
  });

  test('by several at once leaves one in use, and one that was before it', async () => {
    await using at = await storeWith('one');
    const rivals = ['two', 'three', 'four', 'five'];
    for (const id of rivals) await publish(at.store, id);
    const others = new TemplateStore(at.home.path);
    await Promise.all(rivals.map((id, index) => (index % 2 ? at.store : others).promote(id)));
    const [current, previous] = await inUse(at.store);
    expect(rivals).toContain(current);
    expect(rivals).toContain(previous ?? '');
    expect(previous).not.toBe(current);
  });
});

describe('rollback', () => {
  test('goes back to the last good one, and again to where it came from', async () => {
    await using at = await storeWith('one', 'two');
    expect(await at.store.rollback()).toBe(at.store.folder('one'));
    expect(await inUse(at.store)).toEqual(['one', 'two']);
    await at.store.rollback();
    expect(await inUse(at.store)).toEqual(['two', 'one']);
  });

  test('is refused when there is none', async () => {
    await using at = await storeWith('one');
    expect(await failure(at.store.rollback())).toBeInstanceOf(NoPreviousTemplateError);
    expect(await inUse(at.store)).toEqual(['one', undefined]);
  });

  test('is refused when that one is damaged', async () => {
    await using at = await storeWith('one', 'two');
    await damage(at.store, 'one');
    expect(await failure(at.store.rollback())).toBeInstanceOf(TemplateError);
    expect(await inUse(at.store)).toEqual(['two', 'one']);
  });
});

describe('quarantine', () => {
  test('puts the last good one in the place of the current one', async () => {
    await using at = await storeWith('one', 'two');
    await at.store.quarantine('two', 'its RAM is damaged');
    expect(await inUse(at.store)).toEqual(['one', undefined]);
    const [, entry] = await at.store.list();
    expect(entry).toMatchObject({
      id: 'two',
      state: 'quarantined',
      reason: 'its RAM is damaged',
      isCurrent: false,
    });
    expect(await failure(at.store.promote('two'))).toBeInstanceOf(TemplateError);
  });

  test('leaves none in use when the last good one is damaged as well', async () => {
    await using at = await storeWith('one', 'two');
    await damage(at.store, 'one');
    await at.store.quarantine('two', 'damaged');
    expect(await failure(at.store.current())).toBeInstanceOf(TemplateError);
  });

  test('of the last good one leaves the current one, and none to roll back to', async () => {
    await using at = await storeWith('one', 'two');
    await at.store.quarantine('one', 'damaged');
    expect(await inUse(at.store)).toEqual(['two', undefined]);
  });

  test('takes one out of use whose folder is gone', async () => {
    await using at = await storeWith('one', 'two');
    await rm(at.store.folder('two'), { recursive: true });
    await at.store.quarantine('two', 'it is gone');
    expect(await inUse(at.store)).toEqual(['one', undefined]);
  });
});

describe('the list', () => {
  test('tells each one’s part, and who needs it', async () => {
    await using at = await storeWith('one', 'two');
    await publish(at.store, 'three');
    await rm(join(at.store.folder('three'), 'manifest.json'));
    const entries = await at.store.list(new Map([['one', ['runner-7']]]));
    expect(entries.map(({ id, state, isCurrent, isPrevious }) => [id, state, isCurrent, isPrevious])).toEqual(
      [
        ['one', 'baked', false, true],
        ['three', 'unreadable', false, false],
        ['two', 'baked', true, false],
      ],
    );
    expect(entries[0]).toMatchObject({ dependants: ['runner-7'], created: '2024-02-29T12:00:00.000Z' });
    expect(entries[0]?.bytes).toBeGreaterThan(0);
    expect(entries[1]).toMatchObject({ created: null, pins: null, dependants: [] });
  });
});

describe('removal', () => {
  test('of one in use is refused, and its dependants are named', async () => {
    await using at = await storeWith('one', 'two', 'three');
    const needs = new Map([['one', ['runner-3', 'runner-9']]]);
    const refusal = await failure(at.store.remove('one', needs));
    expect(refusal).toBeInstanceOf(TemplateInUseError);
    expect(refusal).toMatchObject({ dependants: ['runner-3', 'runner-9'] });
    for (const id of ['two', 'three']) {
      expect(await failure(at.store.remove(id, NOBODY))).toBeInstanceOf(TemplateInUseError);
    }
    expect(await ids(at.store)).toEqual(['one', 'three', 'two']);
    await at.store.remove('one', NOBODY);
    expect(await ids(at.store)).toEqual(['three', 'two']);
    expect(await failure(at.store.remove('one', NOBODY))).toBeInstanceOf(TemplateError);
  });

  test('of a quarantined one removes its files', async () => {
    await using at = await storeWith('one', 'two');
    await at.store.quarantine('two', 'damaged');
    await at.store.remove('two', NOBODY);
    expect(await ids(at.store)).toEqual(['one']);
    expect(await readdir(at.store.folder('quarantine'))).toEqual([]);
  });
});

describe('a prune', () => {
  test('leaves current, previous, what is needed, and as many of the newest as it is told', async () => {
    await using at = await storeWith('t1', 't2', 't3', 't4', 't5', 't6');
    const needs = new Map([['t1', ['runner-1']]]);
    const { removed, inUse } = await at.store.prune({ keep: 1, dependants: needs });
    expect(removed.map(({ id }) => id)).toEqual(['t2', 't3']);
    expect(inUse.map(({ id }) => id)).toEqual(['t1']);
    expect(await ids(at.store)).toEqual(['t1', 't4', 't5', 't6']);
    await at.store.prune({ keep: 0, dependants: NOBODY });
    expect(await ids(at.store)).toEqual(['t5', 't6']);
    expect(await readlink(at.store.folder('current'))).toBe('t6');
    expect(await readFile(join(at.store.folder('t6'), 'ram'), 'utf8')).toBe("t6's RAM");
  });

  test('leaves the newest of those in quarantine', async () => {
    await using at = await storeWith('t1', 't2', 't3', 't4');
    for (const id of ['t1', 't2']) await at.store.quarantine(id, 'damaged');
    const { removed } = await at.store.prune({ keep: 0, dependants: NOBODY });
    expect(removed.map(({ id }) => id)).toEqual(['t1']);
    expect(await ids(at.store)).toEqual(['t3', 't4', 't2']);
  });
});
