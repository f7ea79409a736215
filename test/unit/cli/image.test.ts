import { describe, expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bootId } from '../../../src/lib/boot-clock.ts';
import { listFolder } from '../../../src/lib/files.ts';
import { recordServer } from '../../../src/server-record.ts';
import { Database } from '../../../src/store/database.ts';
import { RunnerTable } from '../../../src/store/runners.ts';
import { TemplateStore } from '../../../src/template/store.ts';
import { Workshop } from '../../../src/template/workshop.ts';
import { runnerRecord } from '../../support/runner-record.ts';
import { type Script, ScriptedControl, status } from '../../support/scripted-control.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { promoteAll, publish } from '../../support/template-files.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/image');
const IMAGES = ['1', '2', '3'].map((digit) => digit.repeat(32));
const [OLD = '', NEEDED = '', NEXT = ''] = IMAGES;

/** Runs `scripts/image` as an operator does. */
async function image(home: string, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(SCRIPT, args, { env: { ...process.env, CODELAND_HOME: home } });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode ?? -1, out, err };
}

/** The one JSON object that it prints. */
async function json(home: string, ...args: string[]): Promise<{ status: number; said: unknown }> {
  const { status, out } = await image(home, ...args, '--json');
  return { status, said: JSON.parse(out) };
}

/** A data folder with these templates, promoted one after the other; and a server, if it is given answers. */
async function home(ids: readonly string[], server?: Script) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.create());
  const store = new TemplateStore(folder.path);
  await promoteAll(store, ids);
  const control = server && stack.use(new ScriptedControl(folder.path, server));
  const owned = stack.move();
  return { path: folder.path, store, control, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe('scripts/image', () => {
  test('says how it is used, and when it is used wrongly', async () => {
    await using at = await home([]);
    const help = await image(at.path, '--help');
    expect(help).toMatchObject({ status: 0, err: '' });
    for (const verb of ['build', 'bake', 'verify', 'promote', 'rollback', 'list', 'prune', 'rebuild']) {
      expect(help.out).toContain(`scripts/image ${verb}`);
    }
    const wrong = [
      ['nothing'],
      ['list', 'one'],
      ['promote'],
      ['bake', '--restores', '3'],
      ['verify', '--restores', '0'],
      ['rebuild', '--share', 'half'],
      ['prune', 'one', '--keep', '1'],
      ['list', '--unknown'],
    ];
    const found = await Promise.all(wrong.map((args) => json(at.path, ...args)));
    expect(found).toEqual(
      wrong.map(() => ({
        status: 2,
        said: { error: { name: 'UsageError', message: expect.any(String) } },
      })),
    );
  });

  test('lists templates with who needs them', async () => {
    const server = { 'GET /status': () => status('two', { one: ['runner-4'], two: ['runner-9'] }) };
    await using at = await home(['one', 'two'], server);
    await at.store.quarantine('one', 'its RAM is damaged');
    const listed = await json(at.path, 'list');
    expect(listed).toMatchObject({
      status: 0,
      said: {
        templates: [
          { id: 'two', state: 'baked', isCurrent: true, dependants: ['the server', 'runner-9'] },
          { id: 'one', state: 'quarantined', reason: 'its RAM is damaged', dependants: ['runner-4'] },
        ],
      },
    });
    const { out } = await image(at.path, 'list');
    expect(out).toMatch(/^two +current .* the server, runner-9$/m);
    expect(out).toMatch(/^one: its RAM is damaged$/m);
  });

  test('does not remove what somebody needs, and says who', async () => {
    const server = { 'GET /status': () => status('three', { one: ['runner-4', 'runner-5'] }) };
    await using at = await home(['one', 'two', 'three'], server);
    expect(await json(at.path, 'prune', 'one')).toEqual({
      status: 3,
      said: {
        error: {
          name: 'TemplateInUseError',
          message: 'template one is in use: runner-4, runner-5',
          dependants: ['runner-4', 'runner-5'],
        },
      },
    });
    expect(await json(at.path, 'prune', 'three')).toMatchObject({ status: 3 });
    const all = await json(at.path, 'prune');
    expect(all).toMatchObject({
      status: 0,
      said: { removed: { templates: [] }, inUse: [{ id: 'one', dependants: ['runner-4', 'runner-5'] }] },
    });
    expect((await at.store.list()).map(({ id }) => id)).toEqual(['one', 'three', 'two']);
  });

  test('does not remove what a runner needs that stays while no server runs', async () => {
    await using at = await home(['one', 'two', 'three']);
    {
      using database = Database.open(at.path);
      new RunnerTable(database, bootId()).insert(runnerRecord({ name: 'runner-7', template: 'one' }));
      new RunnerTable(database, 'an earlier boot').insert(
        runnerRecord({ name: 'runner-3', template: 'two' }),
      );
    }
    expect(await json(at.path, 'prune')).toMatchObject({
      status: 0,
      said: { removed: { templates: [] }, inUse: [{ id: 'one', dependants: ['runner-7'] }] },
    });
    expect((await at.store.list()).map(({ id }) => id)).toEqual(['one', 'three', 'two']);
  });

  test('removes nothing while it cannot be known who needs it', async () => {
    await using at = await home(['one', 'two', 'three']);
    await using _ = await recordServer(at.path, 'http://127.0.0.1:1');
    expect(await json(at.path, 'prune')).toMatchObject({
      status: 1,
      said: { error: { name: 'NoServerError' } },
    });
    expect(await at.store.list()).toHaveLength(3);
  });

  test('removes the images that no template needs, but the one to bake from', async () => {
    await using at = await home(['one', 'two', 'three']);
    await publish(at.store, 'four', { imageId: NEEDED });
    await at.store.promote('four');
    for (const id of IMAGES) {
      await mkdir(join(at.path, 'images', id), { recursive: true });
      await writeFile(join(at.path, 'images', id, 'root.erofs'), 'x'.repeat(10_000));
    }
    await symlink(NEXT, join(at.path, 'images/current'));
    await mkdir(join(at.path, 'cache'));
    const layer = `base-${'a'.repeat(32)}.tar`;
    await writeFile(join(at.path, 'cache', layer), '');
    const pruned = await json(at.path, 'prune', '--keep', '1');
    expect(pruned).toMatchObject({
      status: 0,
      said: { removed: { templates: ['one'], images: [OLD], layers: [layer] } },
    });
    expect(pruned.said).toHaveProperty('freedBytes', expect.any(Number));
    expect(await listFolder(join(at.path, 'images'))).toEqual([NEEDED, NEXT, 'current']);
    expect(await listFolder(join(at.path, 'cache'))).toEqual([]);
  });

  test('has nothing to roll back to', async () => {
    await using at = await home(['one']);
    expect(await json(at.path, 'rollback')).toMatchObject({
      status: 3,
      said: { error: { name: 'NoPreviousTemplateError' } },
    });
  });

  test.each([{ args: ['promote', 'one'] }, { args: ['rollback'] }, { args: ['verify', 'one'] }])(
    'lets a template without its image not pass: $args',
    async ({ args }) => {
      await using at = await home(['one', 'two']);
      expect(await json(at.path, ...args)).toMatchObject({
        status: 4,
        said: { error: { name: 'GateError' } },
      });
      expect(await at.store.current()).toBe(at.store.folder('two'));
    },
  );

  test('fails for a template that is not there', async () => {
    await using at = await home(['one']);
    expect(await json(at.path, 'promote', 'other')).toMatchObject({ status: 1 });
    expect(await json(at.path, 'prune', 'other')).toMatchObject({ status: 1 });
    expect(await json(at.path, 'bake')).toMatchObject({ status: 1 });
    await rm(at.store.folder('current'));
    expect(await json(at.path, 'verify')).toMatchObject({ status: 1 });
  });

  test.each(['build', 'bake', 'verify', 'prune', 'rebuild'])(
    'waits for no other that is at work: %s',
    async (verb) => {
      await using at = await home(['one']);
      await using _ = await Workshop.open(at.path);
      expect(await json(at.path, verb)).toMatchObject({
        status: 3,
        said: { error: { name: 'WorkshopBusyError' } },
      });
    },
  );
});
