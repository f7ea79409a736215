/** SHA-256 of files and of sets of named inputs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256, in lower-case hexadecimal, and size in bytes of a file. */
export type Digest = (path: string) => Promise<{ readonly sha256: string; readonly bytes: number }>;

/** Lower-case hexadecimal SHA-256 of bytes or UTF-8 text. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * SHA-256 and size in bytes of a file, read in pieces.
 * @throws When the file cannot be read.
 */
export async function digestFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) });
  for await (const piece of stream) {
    if (!(piece instanceof Uint8Array)) continue;
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * One digest over named inputs, independent of their order. Names and contents are hashed apart, so that no
 * two different sets give the same text to hash.
 */
export function digestInputs(inputs: ReadonlyMap<string, Uint8Array | string>): string {
  const lines = [...inputs].map(([name, content]) => `${sha256(name)} ${sha256(content)}\n`);
  return sha256(lines.sort().join(''));
}
