/** The control groups of this host (cgroups(7)). */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { findHierarchies, nameOf } from '../../src/host/cgroups/hierarchy.ts';

export type FoundGroup = {
  readonly folder: string;
  /** As `/proc/<pid>/cgroup` calls it. */
  readonly path: string;
  /** Names of the groups in it. */
  readonly children: readonly string[];
};

/** How deep groups are looked for: `system.slice/codeland.service/codeland-…` and some. */
const DEPTH = 5;

/** Every group of that name, in whatever hierarchy. */
export async function groupsNamed(name: string): Promise<FoundGroup[]> {
  const [mountinfo, cgroup] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    readFile('/proc/self/cgroup', 'utf8'),
  ]);
  const found: FoundGroup[] = [];
  for (const hierarchy of findHierarchies(mountinfo, cgroup)) {
    for (const folder of await foldersBelow(hierarchy.mountPoint, name, DEPTH)) {
      const path = nameOf(hierarchy, relative(hierarchy.mountPoint, folder));
      found.push({ folder, path, children: await foldersIn(folder) });
    }
  }
  return found;
}

async function foldersBelow(folder: string, name: string, depth: number): Promise<string[]> {
  if (basename(folder) === name) return [folder];
  if (depth === 0) return [];
  const below = await Promise.all(
    (await foldersIn(folder)).map((child) => foldersBelow(join(folder, child), name, depth - 1)),
  );
  return below.flat();
}

/** None when it is gone. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
