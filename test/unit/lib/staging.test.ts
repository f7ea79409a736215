import { describe, expect, it } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishDirectory, removeDeadStaging, Staging } from '../../../src/lib/staging.ts';
import { temporaryDirectory } from '../../image/support/temporary-directory.ts';

describe('a staging folder', () => {
  it('is gone when its scope ends, with all that is in it', async () => {
    await using directory = await temporaryDirectory();
    {
      await using staging = await Staging.create(directory.path);
      await writeFile(join(staging.path, 'half'), 'built');
    }
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('of a build that was killed is removed by the next; one of a living build stays', async () => {
    await using directory = await temporaryDirectory();
    const module = join(import.meta.dirname, '../../../src/lib/staging.ts');
    const program = `
      const { Staging } = await import(${JSON.stringify(module)});
      await Staging.create(${JSON.stringify(directory.path)});
      console.log('created');
      setInterval(() => {}, 1000);`;
    const build = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(build, 'close');
    await once(build.stdout, 'data');

    await removeDeadStaging(directory.path);
    expect(await readdir(directory.path)).toHaveLength(1);
    build.kill('SIGKILL');
    await closed;
    await removeDeadStaging(directory.path);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('whose process id was given out again is removed', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, `.staging-${process.pid}-1-abcdef`));
    await mkdir(join(directory.path, 'an-image'));
    await removeDeadStaging(directory.path);
    expect(await readdir(directory.path)).toEqual(['an-image']);
  });
});

describe('publishing', () => {
  it('moves a folder to its final name and replaces a damaged one', async () => {
    await using directory = await temporaryDirectory();
    const target = join(directory.path, 'image');
    for (const content of ['damaged', 'whole']) {
      await using staging = await Staging.create(directory.path);
      const work = join(staging.path, 'image');
      await mkdir(work);
      await writeFile(join(work, 'root'), content);
      await publishDirectory(work, target, staging);
      expect(await readFile(join(target, 'root'), 'utf8')).toBe(content);
    }
    expect(await readdir(directory.path)).toEqual(['image']);
  });

  it('leaves nothing under the final name when the build ends before', async () => {
    await using directory = await temporaryDirectory();
    const target = join(directory.path, 'image');
    const build = async () => {
      await using staging = await Staging.create(directory.path);
      await mkdir(join(staging.path, 'image'));
      throw new Error('no space left');
    };
    await expect(build()).rejects.toThrow('no space left');
    await expect(stat(target)).rejects.toThrow('ENOENT');
    expect(await readdir(directory.path)).toEqual([]);
  });
});
