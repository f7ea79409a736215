/** What a server uses of its host, read from outside of it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { groupName } from '../../src/host/cgroups/cgroups.ts';
import { databaseFile } from '../../src/store/database.ts';
import { groupsNamed } from '../support/control-groups.ts';
import { descendantsOf, hostProcesses, openFiles, unixSockets } from '../support/processes.ts';

export type Figures = {
  /** Memory of the server itself, MiB. */
  readonly rssMiB: number;
  readonly threads: number;
  /** Its open descriptors, without the connections of clients. */
  readonly descriptors: number;
  readonly connections: number;
  /** Its descendants; QEMUs are among them. */
  readonly processes: number;
  readonly qemus: number;
  /** Of guests. */
  readonly controlGroups: number;
  /** In the data folder, without the database. */
  readonly files: number;
  readonly filesKiB: number;
  readonly databaseKiB: number;
  readonly databaseLogKiB: number;
};

/** @param server Its pid. @throws {Error} When it has ended. */
export async function readFigures(home: string, server: number): Promise<Figures> {
  const all = await hostProcesses();
  const own = all.get(server);
  if (!own) throw new Error('the server has ended');
  const descendants = descendantsOf(server, all);
  const sockets = await unixSockets();
  const targets = [...(await openFiles(server)).values()];
  const connections = targets.filter((target) => target.startsWith('socket:') && !sockets.has(target)).length;
  const status = await readFile(`/proc/${server}/status`, 'utf8');
  const [group] = await groupsNamed(await groupName(home));
  const database = databaseFile(home);
  const files = (await filesBelow(home)).filter(({ path }) => !path.startsWith(database));
  return {
    rssMiB: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024,
    threads: own.threads,
    descriptors: targets.length - connections,
    connections,
    processes: descendants.length,
    qemus: descendants.filter((pid) => all.get(pid)?.name.startsWith('qemu-system')).length,
    controlGroups: group?.children.length ?? 0,
    files: files.length,
    filesKiB: files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024,
    databaseKiB: (await sizeOf(database)) / 1024,
    databaseLogKiB: (await sizeOf(`${database}-wal`)) / 1024,
  };
}

type FoundFile = { readonly path: string; readonly bytes: number };

/** Without following links: image and template are elsewhere. What vanishes meanwhile is left out. */
async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return [...(await filesBelow(path)), { path, bytes: 0 }];
      return [{ path, bytes: entry.isFile() ? await sizeOf(path) : 0 }];
    }),
  );
  return found.flat();
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
