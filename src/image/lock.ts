/**
 * The package lock: every Debian package of the image with its version and the SHA-256 of its .deb file, one
 * per line: `<layer> <name> <version> <sha256>`.
 */
import { ImageError } from './errors.ts';

export type LockedPackage = {
  /** `root`: installed in the root file system. `boot`: unpacked for kernel, modules and busybox. */
  readonly layer: 'root' | 'boot';
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
};

const HEADER = `# Debian packages of the guest image: layer, name, version, SHA-256 of the .deb file.
# Written by vm-images/base/update-lock.ts.
`;
const LINE = /^(root|boot) ([a-z0-9][a-z0-9+.-]+) ([A-Za-z0-9.+:~-]+) ([0-9a-f]{64})$/;

/**
 * Reads a lock. Empty lines and lines that begin with `#` mean nothing.
 * @throws {ImageError} On a line of another form or a package named twice; the message gives the line number.
 */
export function parseLock(text: string): readonly LockedPackage[] {
  const packages = new Map<string, LockedPackage>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, layer, name, version, sha256] = LINE.exec(line) ?? [];
    if (!layer || !name || !version || !sha256)
      throw new ImageError(
        `package lock, line ${index + 1}: not "<layer> <name> <version> <sha256>": ${line}`,
      );
    const key = `${layer} ${name}`;
    if (packages.has(key)) throw new ImageError(`package lock, line ${index + 1}: ${key} is named twice`);
    packages.set(key, { layer: layer === 'boot' ? 'boot' : 'root', name, version, sha256 });
  }
  return [...packages.values()];
}

/** A lock's text, sorted, for {@link parseLock}. */
export function formatLock(packages: readonly LockedPackage[]): string {
  const lines = packages.map((entry) => `${entry.layer} ${entry.name} ${entry.version} ${entry.sha256}\n`);
  return HEADER + lines.sort().join('');
}

/** One line for each package in which `used` differs from `locked`; empty when they agree. */
export function lockDrift(
  locked: readonly LockedPackage[],
  used: readonly LockedPackage[],
): readonly string[] {
  const key = (entry: LockedPackage) => `${entry.layer} ${entry.name}`;
  const before = new Map(locked.map((entry) => [key(entry), entry]));
  const after = new Map(used.map((entry) => [key(entry), entry]));
  const drift: string[] = [];
  for (const [name, entry] of after) {
    const old = before.get(name);
    if (!old) drift.push(`${name}: ${entry.version} is not in the lock`);
    else if (old.version !== entry.version) drift.push(`${name}: ${old.version} is now ${entry.version}`);
    else if (old.sha256 !== entry.sha256) drift.push(`${name}: ${entry.version} has another SHA-256`);
  }
  for (const [name, entry] of before)
    if (!after.has(name)) drift.push(`${name}: ${entry.version} is locked but not used`);
  return drift.sort();
}

/**
 * apt preferences that choose the locked versions. A pin on a version that no source has is without effect,
 * so that apt then takes its current one.
 */
export function aptPreferences(packages: readonly LockedPackage[]): string {
  return packages
    .map(({ name, version }) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`)
    .join('\n');
}
