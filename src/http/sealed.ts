/**
 * What is kept of a request and its answer, so that the same request can be answered again and nobody else learns of
 * it: neither is in the database in a form that its reader can read, or compare with what he guesses. Both need the
 * request's fingerprint, which the server does not keep.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** 32 bytes that tell nothing of the fingerprint, nor of those for another purpose. */
const derive = (fingerprint: string, purpose: string): Buffer =>
  createHmac('sha256', fingerprint).update(purpose).digest();

/** What tells whether a later request has this fingerprint: 43 characters. */
export const markOf = (fingerprint: string): string => derive(fingerprint, 'mark').toString('base64url');

/** Text that {@link unseal} reads with the same fingerprint. */
export function seal(text: string, fingerprint: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, derive(fingerprint, 'seal'), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** The text that was sealed, or undefined for what was sealed with another fingerprint, changed, or not sealed. */
export function unseal(sealed: string, fingerprint: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  const start = NONCE_BYTES + TAG_BYTES;
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, derive(fingerprint, 'seal'), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, start));
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
