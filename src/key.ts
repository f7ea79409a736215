/** The key of a server whose operator gives none: made once, kept where only the operator can read it. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, writeFileAtomic } from './lib/files.ts';

export const keyFile = (home: string) => join(home, 'key');

const KEY_BYTES = 32;

/** The operator's key, or the kept one, which is made when there is none. */
export async function ensureKey(home: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  try {
    return (await readFile(keyFile(home), 'utf8')).trim();
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  const key = `cl_${randomBytes(KEY_BYTES).toString('base64url')}`;
  await writeFileAtomic(keyFile(home), `${key}\n`, 0o600);
  return key;
}
