import { describe, expect, it } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { LOCK_FILE } from '../../src/image/inputs.ts';
import {
  aptPreferences,
  formatLock,
  type LockedPackage,
  lockDrift,
  parseLock,
} from '../../src/image/lock.ts';

const DIGEST = 'ab'.repeat(32);
const bash: LockedPackage = { layer: 'root', name: 'bash', version: '5.2.15-2+b7', sha256: DIGEST };
const libc: LockedPackage = { layer: 'root', name: 'libc6', version: '2.36-9+deb12u10', sha256: DIGEST };
const busybox: LockedPackage = {
  layer: 'boot',
  name: 'busybox-static',
  version: '1:1.35.0-4',
  sha256: DIGEST,
};

describe('the package lock', () => {
  it('comes back from its text, sorted', () => {
    expect(parseLock(formatLock([libc, busybox, bash]))).toEqual([busybox, bash, libc]);
  });

  it('has one text, whatever the order of its packages', () => {
    expect(formatLock([libc, bash, busybox])).toBe(formatLock([busybox, libc, bash]));
  });

  it.each([
    ['a field too few', `root bash ${DIGEST}`],
    ['a short digest', 'root bash 5.2 abcdef'],
    ['an unknown layer', `kernel bash 5.2 ${DIGEST}`],
    ['a name that is an option', `root --purge 5.2 ${DIGEST}`],
    ['a version with a line of apt preferences', `root bash 5.2\nPin-Priority: 1 ${DIGEST}`],
  ])('is refused with %s', (_what, line) => {
    expect(() => parseLock(`# head\n${line}\n`)).toThrow('package lock, line 2');
  });

  it('is refused when it names a package twice', () => {
    const line = `root bash 5.2 ${DIGEST}`;
    expect(() => parseLock(`${line}\n${line}\n`)).toThrow('line 2: root bash is named twice');
  });

  it('that is checked in is well-formed and holds both layers', async () => {
    const packages = parseLock(await readFile(LOCK_FILE, 'utf8'));
    const names = packages.map(({ layer, name }) => `${layer} ${name}`);
    expect(names).toContain('root python3');
    expect(names).toContain('boot busybox-static');
  });
});

describe('drift', () => {
  it('is empty when the same packages were used', () => {
    expect(lockDrift([bash, libc], [libc, bash])).toEqual([]);
  });

  it('names each package that differs and how', () => {
    const used = [
      { ...bash, version: '5.3' },
      { ...libc, sha256: 'cd'.repeat(32) },
    ];
    expect(lockDrift([bash, libc, busybox], used)).toEqual([
      'boot busybox-static: 1:1.35.0-4 is locked but not used',
      'root bash: 5.2.15-2+b7 is now 5.3',
      'root libc6: 2.36-9+deb12u10 has another SHA-256',
    ]);
    expect(lockDrift([], [bash])).toEqual(['root bash: 5.2.15-2+b7 is not in the lock']);
  });
});

it('apt preferences pin each package to its locked version', () => {
  expect(aptPreferences([bash])).toBe('Package: bash\nPin: version 5.2.15-2+b7\nPin-Priority: 1001\n');
});
