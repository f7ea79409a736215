/**
 * Where a host has its control groups: each controller is in one hierarchy, in that of version 2 or in one of
 * version 1 (cgroups(7)). Pure: from the texts of `/proc` to places in the file system.
 */
import { join, relative } from 'node:path';

/** What limits a guest. Version 1 calls `io` `blkio`. */
export const CONTROLLERS = ['memory', 'cpu', 'pids', 'io'] as const;
export type Controller = (typeof CONTROLLERS)[number];

export type Hierarchy = {
  readonly version: 1 | 2;
  /** Where it is mounted. */
  readonly mountPoint: string;
  /** The group that is visible at the mount point, as `/proc/<pid>/cgroup` calls it. */
  readonly root: string;
  /** The server's own group in it, from the mount point: empty for the one at the mount point. */
  readonly own: string;
  /** Those of {@link CONTROLLERS} that it has; of version 2 that is in its file `cgroup.controllers` instead. */
  readonly controllers: readonly Controller[];
};

/** A line of `/proc/<pid>/cgroup`; the hierarchy of version 2 has no controllers in it. */
type Membership = { readonly controllers: readonly string[]; readonly path: string };

const V1_NAMES: Readonly<Record<Controller, string>> = {
  memory: 'memory',
  cpu: 'cpu',
  pids: 'pids',
  io: 'blkio',
};

/** The hierarchies that are mounted. @param mountinfo Of `/proc/self/mountinfo`. @param cgroup Of `/proc/self/cgroup`. */
export function findHierarchies(mountinfo: string, cgroup: string): Hierarchy[] {
  const memberships = parseMemberships(cgroup);
  const found = mountinfo.split('\n').flatMap((line): Hierarchy[] => {
    const [mount = '', source = ''] = line.split(' - ');
    const [, , , root = '', mountPoint = ''] = mount.split(' ').map(withoutEscapes);
    const [type, , options = ''] = source.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const version = type === 'cgroup' ? 1 : 2;
    const names = options.split(',');
    const controllers =
      version === 1 ? CONTROLLERS.filter((controller) => names.includes(V1_NAMES[controller])) : [];
    if (version === 1 && controllers.length === 0) return [];
    const path = pathOf(memberships, version, controllers) ?? root;
    return [{ version, mountPoint, root, own: below(root, path), controllers }];
  });
  // One that is mounted in several places is the same in each.
  const key = ({ version, controllers }: Hierarchy) => `${version} ${controllers.join()}`;
  return found.filter((each) => found.find((other) => key(other) === key(each)) === each);
}

/**
 * The group that a process is in, as `/proc/<pid>/cgroup` calls it; undefined when it is in none of that hierarchy.
 * @param cgroup Of that file.
 */
export const groupOf = (cgroup: string, { version, controllers }: Hierarchy): string | undefined =>
  pathOf(parseMemberships(cgroup), version, controllers);

/** Those of {@link CONTROLLERS} that a file like `cgroup.controllers` lists. */
export function parseControllers(text: string): Controller[] {
  const names = text.trim().split(/\s+/);
  return CONTROLLERS.filter((controller) => names.includes(controller));
}

function parseMemberships(cgroup: string): Membership[] {
  return cgroup.split('\n').flatMap((line) => {
    // The path may hold colons itself.
    const [, names, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    return names === undefined || path === undefined ? [] : [{ controllers: names.split(','), path }];
  });
}

function pathOf(
  memberships: readonly Membership[],
  version: 1 | 2,
  [first]: readonly Controller[],
): string | undefined {
  const name = version === 2 || !first ? '' : V1_NAMES[first];
  return memberships.find(({ controllers }) => controllers.includes(name))?.path;
}

/** A group that is not below the mounted one cannot be named from there; what is seen of it is the mounted one. */
function below(root: string, path: string): string {
  const own = relative(root, path);
  return own.startsWith('..') ? '' : own;
}

/** The kernel writes blanks and backslashes of paths as octal numbers (proc(5), `/proc/pid/mounts`). */
const withoutEscapes = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** What `/proc/<pid>/cgroup` calls a group. @param path From the mount point. */
export const nameOf = ({ root }: Hierarchy, path: string): string => join(root, path);
