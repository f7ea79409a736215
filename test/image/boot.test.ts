/** Builds the image and boots it. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { buildImage } from '../../src/image/build.ts';
import { kernelCommandLine, PROBE_LINE, PROBE_OPTION } from '../../src/image/kernel-command-line.ts';
import { type Image, loadCurrentImage, verifyImage } from '../../src/image/manifest.ts';
import { imageDirectory, imagesDirectory } from '../../src/image/paths.ts';
import { recipe } from '../../vm-images/base/recipe.ts';
import { bootToEnd } from './support/boot.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

/** Outlives the tests: spares the next run a minute of package installation. */
const cache = join(process.env['CODELAND_TEST_HOME'] ?? join(tmpdir(), 'codeland-test-home'), 'cache');
const agentDirectory = join(import.meta.dirname, 'agent');
const DEADLINE_MS = 600_000;

const missing = ['qemu-system-x86_64', 'mmdebstrap', 'mkfs.erofs'].filter(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
);

const Text = Type.String();
const Texts = Type.Record(Text, Text);
const Facts = Type.Object({
  pid: Type.Number(),
  bun: Text,
  kernel: Text,
  hostname: Text,
  mounts: Texts,
  writeRoot: Text,
  writeDisk: Text,
  diskReadOnly: Text,
  fillHome: Text,
  modes: Texts,
  links: Texts,
  controllers: Text,
  clock: Text,
  loopback: Text,
  python: Text,
  locale: Text,
  bytecode: Text,
  runner: Text,
  runnerSees: Text,
  runnerDmesg: Text,
  runnerHome: Text,
  coreLimit: Text,
  setuid: Text,
  modulesOnDisk: Type.Boolean(),
  boot: Type.Boolean(),
  aptLists: Text,
});

describe.skipIf(missing.length > 0)(
  `a built image ${missing.map((name) => `(no ${name})`).join(' ')}`,
  () => {
    const resources = new AsyncDisposableStack();
    let home: string;
    let image: Image;

    beforeAll(async () => {
      home = resources.use(await temporaryDirectory()).path;
      await buildImage({ home, cache, agentDirectory });
      image = await loadCurrentImage(home);
    }, DEADLINE_MS);

    afterAll(() => resources.disposeAsync());

    it(
      'answers a probe without a disk driver and ends',
      async () => {
        const append = `${kernelCommandLine} ${PROBE_OPTION}`;
        const console = await bootToEnd(image, append, AbortSignal.timeout(DEADLINE_MS));
        expect(console).toContain(PROBE_LINE);
      },
      DEADLINE_MS,
    );

    it(
      'says in one line why it cannot boot, and ends',
      async () => {
        const broken = { ...image, root: image.initramfs };
        const console = await bootToEnd(broken, kernelCommandLine, AbortSignal.timeout(DEADLINE_MS));
        expect(console).toContain('codeland-init: failed: mount -t erofs');
      },
      DEADLINE_MS,
    );

    it(
      'hands the guest to the agent as it should be',
      async () => {
        const console = await bootToEnd(image, kernelCommandLine, AbortSignal.timeout(DEADLINE_MS));
        const line = /^facts (.*)$/m.exec(console)?.[1];
        const facts: unknown = JSON.parse(line ?? 'null');
        if (!Value.Check(Facts, facts)) throw new Error(`the guest did not report:\n${console}`);

        expect(facts.pid).toBe(1);
        expect(facts.bun).toBe(recipe.bun.version);
        expect(facts.kernel).toBe(image.manifest.kernelVersion);
        expect(facts.hostname).toBe('template');

        // The image is below an overlay: writes go to memory, and nothing reaches the disk.
        expect(facts.mounts['/']).toStartWith('overlay rw');
        expect(facts.writeRoot).toBe('undefined');
        expect(facts.diskReadOnly).toBe('1');
        expect(facts.writeDisk).toContain('Operation not permitted');

        const KIB = 1024;
        for (const path of ['/tmp', '/home/runner', '/dev/shm', '/run/lock'])
          expect(facts.mounts[path]).toContain(`size=${recipe.tmpfsMiB.programs * KIB}k`);
        expect(facts.mounts['/run']).toContain(`size=${recipe.tmpfsMiB.run * KIB}k`);
        expect(facts.fillHome).toContain('No space left on device');
        expect(facts.modes).toEqual({
          '/': '755 0:0',
          '/tmp': '1777 0:0',
          '/home/runner': '755 1000:1000',
          '/dev/shm': '1777 0:0',
          '/run': '755 0:0',
          '/dev/null': '666 0:0',
        });
        expect(facts.mounts['/sys/fs/cgroup']).toStartWith('cgroup2');
        expect(facts.mounts['/dev/pts']).toStartWith('devpts');
        expect(facts.mounts['/proc']).toContain('hidepid=invisible');
        expect(facts.links['fd']).toBe('/proc/self/fd');
        for (const controller of ['memory', 'pids', 'cpu']) expect(facts.controllers).toContain(controller);

        // A clock of fine resolution that stands still while the guest is stopped.
        expect(facts.clock).toBe('tsc');
        expect(facts.loopback).toContain('127.0.0.1/8');
        expect(facts.python).toBe('UTC [1]');
        expect(facts.locale).toBe('utf-8 é');
        expect(facts.bytecode).toBe('0');

        expect(facts.runner).toContain('uid=1000(runner) gid=1000(runner)');
        expect(facts.runnerSees).toStartWith('failed:');
        expect(facts.runnerDmesg).toStartWith('failed:');
        expect(facts.runnerHome).toBe('x');
        expect(facts.coreLimit).toBe('0');
        expect(facts.setuid).toBe('');

        expect(facts.modulesOnDisk).toBe(false);
        expect(facts.boot).toBe(false);
        expect(facts.aptLists).toBe('ENOENT');
      },
      DEADLINE_MS,
    );

    it('is not built again when it is there', async () => {
      const progress: string[] = [];
      const onProgress = (line: string) => progress.push(line);
      await buildImage({ home, cache, agentDirectory, onProgress });
      expect(progress).toEqual([`image ${image.manifest.id} is up to date`]);
    });

    it(
      'is the same, byte for byte, when it is packed elsewhere, and a damaged one is replaced',
      async () => {
        await using directory = await temporaryDirectory();
        const damaged = imageDirectory(directory.path, image.manifest.id);
        await mkdir(damaged, { recursive: true });
        await writeFile(join(damaged, 'root.erofs'), 'half');
        await buildImage({ home: directory.path, cache, agentDirectory });
        const again = await verifyImage(damaged);
        expect(again.manifest.files).toEqual(image.manifest.files);
        expect(await readdir(imagesDirectory(directory.path))).toEqual(
          expect.arrayContaining([image.manifest.id, 'current']),
        );
      },
      DEADLINE_MS,
    );

    it('is not touched by a build that is cancelled', async () => {
      await using directory = await temporaryDirectory();
      const build = new AbortController();
      const onProgress = () => build.abort(new Error('cancelled'));
      const options = { home: directory.path, cache, agentDirectory, onProgress, signal: build.signal };
      await expect(buildImage(options)).rejects.toThrow('cancelled');
      expect(await readdir(imagesDirectory(directory.path))).toEqual([]);
    });
  },
);
