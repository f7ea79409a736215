/** What is left of a server's networks on its host. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hostTable } from '../../src/network/host-rules.ts';
import { linkOf } from '../../src/network/uplink.ts';

const run = promisify(execFile);

/**
 * Devices, rules and mounts of a data folder that no server uses.
 * @param isServed Whether one does: then they are its own.
 */
export async function networkRemains(home: string, isServed: boolean): Promise<string[]> {
  if (isServed) return [];
  const link = linkOf(home);
  const devices = await readdir('/sys/class/net');
  return [
    ...devices.filter((name) => name === link.device).map((name) => `network device ${name}`),
    ...(await tables()).filter((name) => name === hostTable(link)).map((name) => `rules ${name}`),
    ...(await mountPoints()).filter((path) => path.startsWith(`${home}/`)).map((path) => `mount ${path}`),
  ];
}

/** Of nftables; none where there is no nft, which makes them. */
async function tables(): Promise<string[]> {
  if (process.getuid?.() !== 0 || Bun.which('nft') === null) return [];
  const { stdout } = await run('nft', ['list', 'tables']);
  return stdout.split('\n').map((line) => line.replace(/^table /, ''));
}

async function mountPoints(): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '');
}
