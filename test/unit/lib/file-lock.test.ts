import { expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FileLock } from '../../../src/lib/file-lock.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const MODULE = join(import.meta.dirname, '../../../src/lib/file-lock.ts');

test('a lock has one holder, and the next when it is given up', async () => {
  await using folder = await TempFolder.create();
  const path = folder.file('lock');
  {
    await using first = await FileLock.take(path, 0);
    expect(first).toBeDefined();
    expect(await FileLock.take(path, 0)).toBeUndefined();
  }
  await using second = await FileLock.take(path, 0);
  expect(second).toBeDefined();
});

test('a lock is waited for', async () => {
  await using folder = await TempFolder.create();
  const path = folder.file('lock');
  const first = await FileLock.take(path, 0);
  const second = FileLock.take(path, 60_000);
  await first?.[Symbol.asyncDispose]();
  await using taken = await second;
  expect(taken).toBeDefined();
});

test('a killed process gives its lock up, also when a child of it lives on', async () => {
  await using folder = await TempFolder.create();
  const path = folder.file('lock');
  const program = `
    const { FileLock } = await import(${JSON.stringify(MODULE)});
    const lock = await FileLock.take(${JSON.stringify(path)}, 0);
    const child = Bun.spawn(['sleep', '60'], { stdio: ['ignore', 'ignore', 'ignore'] });
    console.log(child.pid);
    await Bun.sleep(60_000, lock);`;
  const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(holder.stdout.setEncoding('utf8'), 'data');
  try {
    expect(await FileLock.take(path, 0)).toBeUndefined();
    holder.kill('SIGKILL');
    await once(holder, 'close');
    process.kill(Number(line), 0);
    await using taken = await FileLock.take(path, 0);
    expect(taken).toBeDefined();
  } finally {
    process.kill(Number(line), 'SIGKILL');
  }
});
