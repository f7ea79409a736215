/** A data folder for one test: the shared image and template, everything else its own. */
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../../src/cli/set-up.ts';
import { type Config, readConfig } from '../../src/config.ts';

/** Kept between test runs: an image takes a minute to build and a template half a minute to bake. */
export const SHARED_HOME =
  process.env['CODELAND_TEST_HOME'] ?? join('/var/tmp', `codeland-test-${process.getuid?.() ?? 0}`);

let shared: Promise<string> | undefined;

/** The folder with image and template; what is missing of them is built and baked. */
function sharedHome(): Promise<string> {
  shared ??= prepareShared();
  return shared;
}

async function prepareShared(): Promise<string> {
  await using _ = await setUp(readConfig({ CODELAND_HOME: SHARED_HOME }));
  return SHARED_HOME;
}

export class TestHome implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @param from A folder with another image and template than the product's. */
  static async create(from?: string): Promise<TestHome> {
    const source = from ?? (await sharedHome());
    const path = await mkdtemp(join(tmpdir(), 'codeland-'));
    for (const name of ['images', 'templates']) await symlink(join(source, name), join(path, name));
    await copyFile(join(source, 'accelerator.json'), join(path, 'accelerator.json'));
    return new TestHome(path);
  }

  /** Settings for this folder; `environment` adds to them or overrides them. */
  config(environment: Readonly<Record<string, string>> = {}): Config {
    return readConfig(this.environment(environment));
  }

  get logFile(): string {
    return join(this.path, 'server.log');
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      CODELAND_CONFIG: '/dev/null',
      CODELAND_HOME: this.path,
      CODELAND_PORT: '0',
      CODELAND_KEY: TEST_KEY,
      CODELAND_WARM_UP: 'short',
      ...more,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

export const TEST_KEY = 'a-key-for-the-tests';
