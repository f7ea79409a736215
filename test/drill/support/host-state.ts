/** What a server has on its host, for a comparison of before and after. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { descendantsOf, hostProcesses, openFiles, unixSockets } from '../../support/processes.ts';

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
  const memory = [...(await openFiles(server))].flatMap(([path, target]) =>
    target.startsWith('/memfd:') ? [path] : [],
  );
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
  const sockets = await unixSockets();
  const targets = [...(await openFiles(server)).values()];
  return {
    processes: descendantsOf(server, await hostProcesses()).length,
    channels: targets.filter((target) => target.startsWith('pipe:') || sockets.has(target)).length,
    guestFolders: guestFolders.length,
    strangers: guestFolders.filter((name) => !known.includes(name)),
    home: (await readdir(home)).sort(),
  };
}
