/** A data folder on a small disk of its own, which a test can fill. Needs root, as guests' confinement does. */
import { execFile } from 'node:child_process';
import { copyFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestHome } from '../../support/test-home.ts';

const run = promisify(execFile);

const DISK_MIB = 16;
const FILLER = 'filler';

export class SmallDisk implements AsyncDisposable {
  readonly home: TestHome;

  private constructor(home: TestHome) {
    this.home = home;
  }

  /** @throws {Error} When this process may not mount. */
  static async mount(): Promise<SmallDisk> {
    const home = await TestHome.create();
    const { path } = home;
    const [images, templates] = await Promise.all(
      ['images', 'templates'].map((name) => readlink(join(path, name))),
    );
    const accelerator = join(templates ?? '', '../accelerator.json');
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=0700`, 'codeland-test', path]);
    await symlink(images ?? '', join(path, 'images'));
    await symlink(templates ?? '', join(path, 'templates'));
    await copyFile(accelerator, join(path, 'accelerator.json'));
    return new SmallDisk(home);
  }

  /** Leaves no byte free. */
  async fill(): Promise<void> {
    const bytes = Buffer.alloc(DISK_MIB << 20);
    const error: unknown = await writeFile(join(this.home.path, FILLER), bytes).catch(
      (cause: unknown) => cause,
    );
    if (error === undefined) throw new Error('the disk takes more than it has');
  }

  async clear(): Promise<void> {
    await rm(join(this.home.path, FILLER), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('umount', [this.home.path]);
    await this.home[Symbol.asyncDispose]();
  }
}
