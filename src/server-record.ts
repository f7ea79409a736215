/** Which server uses a data folder: `server.json`, written while one runs. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { writeFileAtomic } from './lib/files.ts';
import { identifyProcess, isAlive } from './lib/process-identity.ts';

const ServerRecord = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  startTicks: Type.Integer({ minimum: 0 }),
  url: Type.String(),
});
export type ServerRecord = Static<typeof ServerRecord>;

const recordPath = (home: string) => join(home, 'server.json');

/** The server that uses the data folder now, if any. */
export async function findServer(home: string): Promise<ServerRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(recordPath(home), 'utf8'));
    return Value.Check(ServerRecord, record) && (await isAlive(record)) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Says that this process uses the data folder, until it is disposed of. */
export async function recordServer(home: string, url: string): Promise<AsyncDisposable> {
  const identity = await identifyProcess(process.pid);
  if (!identity) throw new Error('/proc is not mounted; the server needs it');
  await writeFileAtomic(recordPath(home), `${JSON.stringify({ ...identity, url })}\n`);
  return { [Symbol.asyncDispose]: () => rm(recordPath(home), { force: true }) };
}
