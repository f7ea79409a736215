/** Damage as a disk does it. */
import { chmod, open } from 'node:fs/promises';

/** Turns one bit of a file over. @param at Which byte has it. */
export async function flipBit(path: string, at = 0): Promise<void> {
  await chmod(path, 0o600);
  await using file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
}
