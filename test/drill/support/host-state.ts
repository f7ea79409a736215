/** What a server has on its host, for a comparison of before and after. */
import { open, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

const CHUNK_BYTES = 4 << 20;

/**
 * Digest of each file that guests are restored from: image, template, and the server's copy of the RAM in memory.
 * xxHash finds every accident and every careless attacker in a third of a second; nobody here can aim at it.
 */
export async function originals(home: string, server: number): Promise<Record<string, string>> {
  const paths: string[] = [];
  for (const folder of ['images/current', 'templates/current']) {
    const target = await realpath(join(home, folder));
    for (const name of await readdir(target)) paths.push(join(target, name));
  }
  const memory = await descriptors(server, (target) => target.startsWith('/memfd:'));
  const digests: Record<string, string> = {};
  for (const path of [...paths, ...memory]) digests[path] = await digest(path);
  return digests;
}

async function digest(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { size, mode } = await stat(path);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let hash = 0n;
  for (let offset = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset);
    if (bytesRead === 0) break;
    hash = Bun.hash.xxHash64(chunk.subarray(0, bytesRead), hash);
    offset += bytesRead;
  }
  return `${size} bytes, mode ${mode.toString(8)}, ${hash.toString(16)}`;
}

/** Paths of a process's open descriptors whose target is wanted. */
async function descriptors(pid: number, wanted: (target: string) => boolean): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (wanted(await readlink(path).catch(() => ''))) found.push(path);
  }
  return found;
}

export type Traces = {
  /** Processes that descend from the server's. */
  readonly processes: number;
  /** Ends of Unix sockets and pipes that the server has open; its clients come and go. */
  readonly channels: number;
  readonly guestFolders: number;
  /** Of them, those of no guest that it knows. */
  readonly strangers: readonly string[];
  /** Entries of the data folder. */
  readonly home: readonly string[];
};

/** What of a server and of its guests is on the host now. @param known Names of its guests. */
export async function traces(home: string, server: number, known: readonly string[]): Promise<Traces> {
  const guestFolders = await readdir(join(home, 'guests'));
  const unixSockets = await unixInodes();
  const isChannel = (target: string) => {
    const [, kind, inode = ''] = /^(socket|pipe):\[(\d+)\]$/.exec(target) ?? [];
    return kind === 'pipe' || (kind === 'socket' && unixSockets.has(inode));
  };
  return {
    processes: (await descendants(server)).length,
    channels: (await descriptors(server, isChannel)).length,
    guestFolders: guestFolders.length,
    strangers: guestFolders.filter((name) => !known.includes(name)),
    home: (await readdir(home)).sort(),
  };
}

async function unixInodes(): Promise<ReadonlySet<string>> {
  const lines = (await readFile('/proc/net/unix', 'utf8')).split('\n').slice(1);
  return new Set(lines.map((line) => line.trim().split(/\s+/)[6] ?? ''));
}

async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // After the name, which may hold anything: the state and the parent, proc(5).
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const next = [pid]; next.length > 0; ) {
    const children = parents.get(next.pop() ?? 0) ?? [];
    found.push(...children);
    next.push(...children);
  }
  return found;
}
