/** Where this host may put a guest's memory besides its own. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Names of the devices and files that hold swapped memory in clear on a disk (proc(5), `/proc/swaps`). Those in
 * memory (zram) and on devices that the kernel encrypts (dm-crypt) are not among them.
 */
export async function readClearSwaps(): Promise<string[]> {
  // A kernel without swap has no such file.
  const names = swapsIn(await readFile('/proc/swaps', 'utf8').catch(() => ''));
  const encrypted = await Promise.all(names.map(isEncrypted));
  return names.filter((_, index) => !encrypted[index]);
}

/** Of the text of `/proc/swaps`. */
export const swapsIn = (text: string): string[] =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s/, 1)[0] ?? '')
    .filter((name) => name !== '' && !name.startsWith('/dev/zram'));

/** The device mapper names the kind of its devices first. */
const isEncrypted = (name: string): Promise<boolean> =>
  readFile(`/sys/class/block/${basename(name)}/dm/uuid`, 'utf8').then(
    (uuid) => uuid.startsWith('CRYPT-'),
    () => false,
  );
