/** The name servers that guests' questions go to: the operator's choice, or those of this host. */
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { isErrno } from '../lib/files.ts';

/** The second has the real servers where the first names systemd's own, on loopback (systemd-resolved(8)). */
const HOST_FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** There is nobody to ask. Says which setting names somebody. */
export class NoNameServerError extends Error {
  override readonly name = 'NoNameServerError';
}

/** Whether the guests' router, which has a loopback device of its own, can ask the server of this address. */
export const isUsableNameServer = (address: string): boolean =>
  isIPv4(address) && !/^(?:0|127)\./.test(address);

/**
 * @param given The operator's choice, if any.
 * @param files Looked at one after the other, in the form of resolv.conf(5), until one has a usable server.
 * @returns IPv4 addresses, at least one.
 * @throws {NoNameServerError} When there is none.
 */
export async function findNameServers(
  given: readonly string[] | undefined,
  files: readonly string[] = HOST_FILES,
): Promise<readonly string[]> {
  if (given !== undefined) return given;
  for (const file of files) {
    const found = nameServersIn(await readIfThere(file));
    if (found.length > 0) return found;
  }
  throw new NoNameServerError(
    `no IPv4 name server outside this host is in ${files.join(' or ')}; set CODELAND_EGRESS_RESOLVERS, as 9.9.9.9,1.1.1.1`,
  );
}

const nameServersIn = (text: string): string[] =>
  [...text.matchAll(/^nameserver[ \t]+(\S+)/gm)]
    .map(([, address = '']) => address)
    .filter(isUsableNameServer);

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}
