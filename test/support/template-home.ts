/** A data folder with several templates of its own: the shared one, and others made of its files. */
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type Manifest,
  RAM_FILE,
  readManifest,
  STATE_FILE,
  writeManifest,
} from '../../src/template/manifest.ts';
import { TemplateStore } from '../../src/template/store.ts';
import { TestHome } from './test-home.ts';

export class TemplateHome implements AsyncDisposable {
  /** What servers of the test are given. */
  readonly home: TestHome;
  /** Id of the template that is current at first. */
  readonly first: string;
  readonly #shared: string;
  readonly #source: string;
  readonly #owned: AsyncDisposableStack;

  private constructor(home: TestHome, shared: string, source: string, owned: AsyncDisposableStack) {
    this.home = home;
    this.first = basename(shared);
    this.#shared = shared;
    this.#source = source;
    this.#owned = owned;
  }

  static async create(): Promise<TemplateHome> {
    await using stack = new AsyncDisposableStack();
    // What the shared folder has is linked to; a template is promoted in a folder of the test's own.
    const original = stack.use(await TestHome.create());
    const shared = await new TemplateStore(original.path).current();
    const source = await mkdtemp(join(tmpdir(), 'codeland-templates-'));
    stack.defer(() => rm(source, { recursive: true, force: true }));
    await symlink(join(original.path, 'images'), join(source, 'images'));
    await copyFile(join(original.path, 'accelerator.json'), join(source, 'accelerator.json'));
    await mkdir(join(source, 'templates'));
    const home = stack.use(await TestHome.create(source));
    const made = new TemplateHome(home, shared, source, stack.move());
    await made.add(made.first);
    await new TemplateStore(home.path).promote(made.first);
    return made;
  }

  /** Adds a template with the shared one's memory and state. @param more What its manifest says else. */
  async add(id: string, more: Partial<Manifest> = {}): Promise<void> {
    const folder = join(this.#source, 'templates', id);
    await mkdir(folder);
    for (const file of [RAM_FILE, STATE_FILE]) await symlink(join(this.#shared, file), join(folder, file));
    await writeManifest(folder, { ...(await readManifest(this.#shared)), id, ...more });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}
