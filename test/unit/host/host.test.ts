import { describe, expect, it } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readDiskSpace } from '../../../src/host/disk.ts';
import { countCpus, readHostLoad } from '../../../src/host/load.ts';
import { failure } from '../../support/failure.ts';

describe('the host', () => {
  it('tells the space of a path’s file system as df does', async () => {
    const output = execFileSync('df', ['--block-size=1', '--output=size', '/'], { encoding: 'utf8' });
    const { totalBytes, freeBytes } = await readDiskSpace('/');
    expect(totalBytes).toBe(Number(output.trim().split('\n')[1]));
    expect(freeBytes).toBeGreaterThan(0);
    expect(freeBytes).toBeLessThan(totalBytes);
  });

  it('tells no space of a path that is not there', async () => {
    expect(await failure(readDiskSpace('/no/such/path'))).toMatchObject({ code: 'ENOENT' });
  });

  it('tells the load as the kernel does', () => {
    const kernel = () => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).map(Number);
    // The kernel renews it every five seconds: of several readings in a row, most are within one such interval.
    const agrees = () => {
      const told = kernel();
      const { one, five, fifteen } = readHostLoad();
      return [one, five, fifteen].every((value, index) => Math.abs(value - (told[index] ?? 0)) < 0.011);
    };
    expect([agrees(), agrees(), agrees()]).toContain(true);
  });

  it('counts the CPUs that this process may use', () => {
    expect(countCpus()).toBe(Number(execFileSync('nproc', { encoding: 'utf8' })));
  });
});
