import { describe, expect, it } from 'bun:test';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { baseOf } from '../../../src/host/cgroups/branches.ts';
import { deviceNumber, findDisk } from '../../../src/host/cgroups/disk.ts';
import { applySettings } from '../../../src/host/cgroups/group.ts';
import { CONTROLLERS, findHierarchies, groupOf, nameOf } from '../../../src/host/cgroups/hierarchy.ts';
import {
  guestLimits,
  guestSettings,
  limitsFor,
  poolSettings,
  poolWeight,
  prioritySettings,
} from '../../../src/host/cgroups/limits.ts';
import { failure, thrown } from '../../support/failure.ts';
import { TempFolder } from '../../support/temp-folder.ts';

const MIB = 2 ** 20;

describe('the hierarchies of control groups', () => {
  const V1 = `\
23 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
  const V1_GROUPS = `\
9:name=systemd:/system.slice/a.service
7:blkio:/
4:memory:/one/two
1:cpu,cpuacct:/
0::/system.slice/a.service
`;

  it('are found where version 1 mounts them one by one, that of version 2 beside them', () => {
    expect(findHierarchies(V1, V1_GROUPS)).toEqual([
      {
        version: 1,
        mountPoint: '/sys/fs/cgroup/cpu,cpuacct',
        root: '/',
        own: '',
        controllers: ['cpu'],
      },
      {
        version: 1,
        mountPoint: '/sys/fs/cgroup/memory',
        root: '/',
        own: 'one/two',
        controllers: ['memory'],
      },
      { version: 1, mountPoint: '/sys/fs/cgroup/blkio', root: '/', own: '', controllers: ['io'] },
      {
        version: 2,
        mountPoint: '/sys/fs/cgroup/unified',
        root: '/',
        own: 'system.slice/a.service',
        controllers: [],
      },
    ]);
  });

  it('have the guests’ group beside the unit that the server is in, where its next start does not meet it', () => {
    const base = (own: string, isRoot: boolean, version: 1 | 2 = 2) =>
      baseOf({ version, mountPoint: '/sys/fs/cgroup', root: '/', own, controllers: [] }, isRoot);
    expect(base('codeland.slice/codeland.service', true)).toBe('codeland.slice');
    expect(base('a.service', true)).toBe('');
    expect(base('user.slice/user-0.slice/session-1.scope', true)).toBe('');
    expect(base('system.slice/a.service', true, 1)).toBe('');
    const own = 'user.slice/user-1000.slice/user@1000.service/app.slice/a.service';
    for (const at of [own, `${own}/codeland-server`]) expect(base(at, false)).toBe(own);
  });

  it('are found once, in whatever places they are mounted', () => {
    const twice = `${V1}50 23 0:32 / /mnt rw - cgroup cgroup rw,memory\n51 23 0:38 / /mnt2 rw - cgroup2 none rw\n`;
    expect(findHierarchies(twice, V1_GROUPS)).toEqual(findHierarchies(V1, V1_GROUPS));
  });

  it('are found where only version 2 is, also at a place with a blank', () => {
    const mounts = '30 23 0:26 / /cgroups\\040of\\134here rw - cgroup2 cgroup2 rw,nsdelegate\n';
    expect(findHierarchies(mounts, '0::/user.slice\n')).toEqual([
      { version: 2, mountPoint: '/cgroups of\\here', root: '/', own: 'user.slice', controllers: [] },
    ]);
  });

  it('are named from what a container sees of them', () => {
    const mounts = '30 23 0:26 /docker/ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
    const [hierarchy] = findHierarchies(mounts, '4:memory:/docker/ab/x:y\n');
    if (!hierarchy) throw new Error('there is one');
    expect(hierarchy.own).toBe('x:y');
    expect(nameOf(hierarchy, 'a/b')).toBe('/docker/ab/a/b');
    // A process may be in a group that the container does not see.
    expect(findHierarchies(mounts, '4:memory:/elsewhere\n')[0]?.own).toBe('');
    expect(findHierarchies(mounts, '')[0]?.own).toBe('');
  });

  it('each have a process in a group of their own', () => {
    const [cpu, memory, io, unified] = findHierarchies(V1, V1_GROUPS);
    if (!cpu || !memory || !io || !unified) throw new Error('there are four');
    const of = '4:memory:/m:1\n3:cpuset:/s\n1:cpuacct,cpu:/c\n0::/u\n';
    expect([cpu, memory, unified].map((hierarchy) => groupOf(of, hierarchy))).toEqual(['/c', '/m:1', '/u']);
    expect(groupOf(of, io)).toBeUndefined();
  });

  it('are none where none is mounted', () => {
    expect(findHierarchies('23 1 254:0 / / rw - ext4 /dev/vda rw\n', '')).toEqual([]);
  });
});

describe('a guest’s limits', () => {
  const limits = guestLimits(256, 'tcg', '254:0');
  const written = (version: 1 | 2) =>
    CONTROLLERS.flatMap((controller) => guestSettings(version, controller, limits)).map(
      ({ file, value }) => `${file} = ${value}`,
    );

  it('are its RAM and what QEMU needs, which is more where QEMU translates code', () => {
    expect(limits.memoryBytes).toBe(768 * MIB);
    expect(guestLimits(256, 'kvm', null).memoryBytes).toBe(352 * MIB);
  });

  it('are written to the files of version 2', () => {
    expect(written(2)).toEqual([
      'memory.max = 805306368',
      'memory.swap.max = 0',
      'memory.oom.group = 1',
      'cpu.max = 125000 100000',
      'cpu.weight = 50',
      'pids.max = 64',
      'io.max = 254:0 rbps=134217728 wbps=16777216 riops=4096 wiops=512',
    ]);
  });

  it('are written to the files of version 1, memory before memory and swap', () => {
    expect(written(1)).toEqual([
      'memory.limit_in_bytes = 805306368',
      'memory.memsw.limit_in_bytes = 805306368',
      'memory.swappiness = 0',
      'cpu.cfs_period_us = 100000',
      'cpu.cfs_quota_us = 125000',
      'cpu.shares = 512',
      'pids.max = 64',
      'blkio.throttle.read_bps_device = 254:0 134217728',
      'blkio.throttle.write_bps_device = 254:0 16777216',
      'blkio.throttle.read_iops_device = 254:0 4096',
      'blkio.throttle.write_iops_device = 254:0 512',
    ]);
  });

  it('are the same for a parent, but for its memory', () => {
    for (const version of [1, 2] as const) {
      const [guest, parent] = [limits, limitsFor('parent', limits)].map((each) =>
        CONTROLLERS.flatMap((controller) => guestSettings(version, controller, each)),
      );
      const changed = parent?.filter((_, index) => parent[index]?.value !== guest?.[index]?.value);
      expect(changed?.map(({ file, value }) => `${file} = ${value}`)).toEqual(
        version === 2
          ? ['memory.max = max']
          : ['memory.limit_in_bytes = -1', 'memory.memsw.limit_in_bytes = -1'],
      );
    }
    expect(limitsFor('guest', limits)).toBe(limits);
  });

  it('name no disk where there is none', () => {
    for (const version of [1, 2] as const) {
      expect(guestSettings(version, 'io', guestLimits(256, 'tcg', null))).toEqual([]);
    }
  });

  it('weigh most for a guest in use', () => {
    expect(prioritySettings(2, 'claimed')).toEqual([{ file: 'cpu.weight', value: '100' }]);
    expect(prioritySettings(1, 'claimed')).toEqual([{ file: 'cpu.shares', value: '1024' }]);
    expect(prioritySettings(1, 'refill')).toEqual([{ file: 'cpu.shares', value: '512' }]);
  });
});

describe('the limits of all guests', () => {
  it('weigh as one group beside groups, and as one process on each CPU beside processes', () => {
    expect(poolWeight(false, 8)).toBe(100);
    expect(poolWeight(true, 8)).toBe(800);
    expect(poolWeight(true, 512)).toBe(10_000);
  });

  it('are their memory and their weight', () => {
    const limits = { memoryBytes: 1024 * MIB, weight: 200 };
    const files = (version: 1 | 2) =>
      CONTROLLERS.flatMap((controller) => poolSettings(version, controller, limits));
    expect(files(2)).toEqual([
      { file: 'memory.max', value: '1073741824' },
      { file: 'memory.swap.max', value: '0', optional: true },
      { file: 'cpu.weight', value: '200' },
    ]);
    expect(files(1)).toEqual([
      { file: 'memory.use_hierarchy', value: '1', optional: true },
      { file: 'memory.limit_in_bytes', value: '1073741824' },
      { file: 'memory.memsw.limit_in_bytes', value: '1073741824', optional: true },
      { file: 'memory.swappiness', value: '0', optional: true },
      { file: 'cpu.shares', value: '2048' },
    ]);
  });
});

describe('settings', () => {
  it('are written to files that are there; one that is not may be missing only if it is optional', async () => {
    await using folder = await TempFolder.create();
    await writeFile(folder.file('a'), '');
    applySettings(folder.path, [
      { file: 'b', value: '1', optional: true },
      { file: 'a', value: '2' },
    ]);
    expect(await readFile(folder.file('a'), 'utf8')).toBe('2');
    expect(thrown(() => applySettings(folder.path, [{ file: 'b', value: '1' }]))).toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('the disk of a file', () => {
  /** Block devices as the kernel shows them: a disk with one partition, each under its number. */
  async function devices(folder: TempFolder, number: string, isPartition: boolean): Promise<string> {
    const disk = folder.file('sda');
    const device = isPartition ? `${disk}/sda1` : disk;
    await mkdir(device, { recursive: true });
    await writeFile(`${disk}/dev`, '8:0\n');
    if (isPartition) await writeFile(`${device}/partition`, '1\n');
    await mkdir(folder.file('block'));
    await symlink(device, folder.file(`block/${number}`));
    return folder.file('block');
  }

  it.each([true, false])('is the whole disk; the file is on a partition: %p', async (isPartition) => {
    await using folder = await TempFolder.create();
    const number = deviceNumber((await stat(folder.path)).dev);
    expect(await findDisk(folder.path, await devices(folder, number, isPartition))).toBe('8:0');
  });

  it('is none when its file system has no disk', async () => {
    await using folder = await TempFolder.create();
    await mkdir(folder.file('block'));
    expect(await findDisk(folder.path, folder.file('block'))).toBeNull();
    expect(await findDisk('/proc/self/status')).toBeNull();
  });

  it('is not asked of a file that is not there', async () => {
    expect(await failure(findDisk('/no/such/file'))).toMatchObject({ code: 'ENOENT' });
  });

  it('has a number of two parts', () => {
    expect(deviceNumber(65_024)).toBe('254:0');
    expect(deviceNumber(66_307)).toBe('259:3');
    expect(deviceNumber(17_592_472_306_544)).toBe('4099:70000');
  });
});
