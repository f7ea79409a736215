/** `scripts/image` with real guests, while a server restores its own from the same data folder. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listFolder } from '../../src/lib/files.ts';
import { TemplateStore } from '../../src/template/store.ts';
import { guestFolders, guestsOf, ServerProcess } from '../support/server-process.ts';
import { SHARED_HOME, TestHome } from '../support/test-home.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/image');

const owned = new AsyncDisposableStack();
let home: TestHome;
let store: TemplateStore;
let server: ServerProcess;
let before: string;
/** The one before it may be there as well. */
let kept: readonly string[];
beforeAll(async () => {
  // Sees to it that the shared folder has image and template.
  await using _ = await TestHome.create();
  // Links to the shared files in folders of its own, as templates come and go here.
  const copy = owned.adopt(await mkdtemp(join(dirname(SHARED_HOME), 'codeland-image-')), (path) =>
    rm(path, { recursive: true }),
  );
  for (const name of ['images', 'templates', 'accelerator.json']) {
    await Bun.$`cp -al ${join(SHARED_HOME, name)} ${copy}`.quiet();
  }
  home = owned.use(await TestHome.create(copy));
  store = new TemplateStore(home.path);
  before = basename(await store.current());
  await store.prune({ keep: 0, dependants: new Map() });
  kept = await templates();
  server = owned.use(await ServerProcess.start(home, { CODELAND_POOL_SIZE: '1' }));
}, 600_000);
afterAll(() => owned.disposeAsync());

/** Starts `scripts/image` as an operator does. */
function image(...args: string[]) {
  const child = spawn(SCRIPT, [...args, '--json'], { env: { ...process.env, ...home.environment() } });
  let progress = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    progress += piece;
  });
  const printed = text(child.stdout);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    ended,
    said: async (): Promise<unknown> => JSON.parse(await printed),
    /** Waits until it is as far as this. */
    reaches: async (stage: string) => {
      while (!progress.includes(stage)) {
        if (child.exitCode !== null) throw new Error(`it never came to "${stage}": ${progress}`);
        await Bun.sleep(20);
      }
    },
  };
}

/** The guests that are baked or tried now. */
const baked = async () =>
  [...(await guestFolders()).values()].filter((folder) => folder.startsWith(join(home.path, 'guests-bake')));

const templates = async () => (await store.list()).map(({ id }) => id);

/** Runs something on the server; on a busy machine its only guest may be long in coming. */
async function answers() {
  const body = { code: 'print(6 * 7)', language: 'python' };
  for (;;) {
    const answer = await server.request('/api/v1/runner/run?wait=60', { body });
    if (answer.status !== 503) return answer;
  }
}

describe('a rebuild', () => {
  it.each([
    { stage: 'booting the image', signal: 'SIGKILL', status: null },
    { stage: 'saving memory', signal: 'SIGINT', status: 130 },
  ] as const)(
    'that is ended by $signal while it is $stage changes nothing',
    async ({ stage, signal, status }) => {
      const rebuild = image('rebuild', '--restores', '1');
      await rebuild.reaches(stage);
      expect(await image('prune').ended).toBe(3);
      rebuild.child.kill(signal);
      expect(await rebuild.ended).toBe(status);
      expect(await templates()).toEqual([...kept]);
      expect((await store.current()).endsWith(before)).toBeTrue();
      expect(await answers()).toMatchObject({ status: 200, body: { stdout: '42\n' } });
    },
    600_000,
  );

  it('leaves nothing that the next does not end, and touches no guest of the server', async () => {
    const [guest] = await guestsOf(home);
    expect(await image('prune').ended).toBe(0);
    expect(await baked()).toEqual([]);
    expect(await listFolder(join(home.path, 'guests-bake'))).toEqual([]);
    expect(guest).toBeDefined();
    expect([...(await guestFolders()).keys()]).toContain(guest ?? 0);
    expect(await answers()).toMatchObject({ status: 200 });
  }, 120_000);

  it('without a server promotes what it has made, and can be rolled back', async () => {
    expect(await server.stop()).toBe(0);
    const rebuild = image('rebuild', '--restores', '1');
    const made = await rebuild.said();
    expect({ status: await rebuild.ended, made }).toMatchObject({ status: 0 });
    expect(made).toMatchObject({ previous: before, rollout: null, inUse: [] });
    const current = basename(await store.current());
    expect(made).toMatchObject({ template: current, current });
    expect(current).not.toBe(before);
    expect(await templates()).toEqual([before, current].toSorted());

    const back = image('rollback');
    expect(await back.ended).toBe(0);
    expect(await back.said()).toEqual({ current: before, previous: current, server: null });
  }, 600_000);
});
