/** Digests that leave the disk and the processor to others. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { sleep } from './deadline.ts';
import type { Digest } from './digest.ts';

/** Hashing one takes well under a millisecond, in which nobody else is served. */
const PIECE_BYTES = 256 * 1024;

/**
 * Makes a function that reads files at so many bytes a second at most.
 * @param signal Ends it; its reason is thrown.
 */
export function slowDigest(bytesPerSecond: number, signal: AbortSignal): Digest {
  return async (path) => {
    await using file = await open(path, 'r');
    const hash = createHash('sha256');
    const piece = Buffer.alloc(PIECE_BYTES);
    const began = performance.now();
    let bytes = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, bytes);
      if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
      const early = (bytes / bytesPerSecond) * 1000 - (performance.now() - began);
      await sleep(Math.max(0, early), signal);
    }
  };
}
