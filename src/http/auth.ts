/** Bearer keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Elysia } from 'elysia';
import { CodeLandError } from '../runner/errors.ts';

/** Paths that need no key. All others do, whether a route answers there or not. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** The path as it was sent. Not by `URL`: a request whose host is missing or malformed has none that it takes. */
const pathOf = (url: string) => /^(?:https?:\/\/[^/]*)?([^?#]*)/.exec(url)?.[1] ?? '';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets a request pass that carries the key, before anything else of it is read. Digests are compared, in
 * constant time, so that neither the key's bytes nor its length can be guessed from the time an answer takes.
 */
export const auth = (key: string) => {
  const wanted = digest(key);
  return new Elysia({ name: 'auth' }).onRequest(({ request }) => {
    if (OPEN_PATHS.has(pathOf(request.url))) return;
    const given = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return;
    throw new CodeLandError(
      'unauthorized',
      given === undefined ? 'send the header "Authorization: Bearer <key>"' : 'the key is not known',
    );
  });
};
