/**
 * Rewrites `packages.lock` with the archive's current versions: `bun vm-images/base/update-lock.ts`. Prints one
 * line for each package that changed. Needs what an image build needs.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseLayer, baseLayerPackages } from '../../src/image/base-layer.ts';
import { baseLayerDigest, LOCK_FILE } from '../../src/image/inputs.ts';
import { formatLock, lockDrift, parseLock } from '../../src/image/lock.ts';
import { recipe } from './recipe.ts';

const cache = await mkdtemp(join(tmpdir(), 'codeland-lock-'));
try {
  // Without a lock nothing is pinned, so that apt takes what is current.
  const digest = await baseLayerDigest(recipe, '');
  const packages = await baseLayerPackages(
    await baseLayer({ cache, digest, recipe, lock: [], onProgress: console.log }),
  );
  const before = parseLock(await readFile(LOCK_FILE, 'utf8').catch(() => ''));
  await writeFile(LOCK_FILE, formatLock(packages));
  const changes = lockDrift(before, packages);
  console.log(changes.length > 0 ? changes.join('\n') : 'the lock is up to date');
} finally {
  await rm(cache, { recursive: true, force: true });
}
