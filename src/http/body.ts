/** Reads a JSON body, bounded, whatever its content type says: plain `curl -d` sends JSON as a form. */
import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { bearerOf } from '../access/bearer.ts';
import { CodeLandError } from '../runner/errors.ts';
import { exchangeOf } from './exchange.ts';
import { fingerprintOf } from './idempotency.ts';
import { wrongForm } from './problems.ts';
import { targetOf } from './target.ts';

/** What a route has that takes a body of this form: its schema, and how it is read. */
export const jsonBody = <const T extends TSchema>(body: T, limitBytes: number) => ({
  body,
  parse: bodyReader(body, limitBytes),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Checks a body before Elysia does, which looks for every problem of it, though only a few are shown, and fails
 * at values that cannot be made a string. No bytes are an empty object: where no field is required, a request
 * needs no body.
 * @param limitBytes Largest body accepted.
 */
function bodyReader<const T extends TSchema>(schema: T, limitBytes: number) {
  const form = TypeCompiler.Compile(schema);
  /**
   * @throws {CodeLandError} `payloadTooLarge` as soon as it is known, `invalidRequest` for what is not JSON in
   *   UTF-8 or not of the form.
   */
  return async ({ request }: { readonly request: Request }): Promise<Static<T>> => {
    const length = request.headers.get('content-length');
    if (Number(length) > limitBytes) throw tooLarge(limitBytes);
    // HTTP gives no more than was announced, and to take that at once is a third of the work.
    const bytes = await (length === null ? readBounded(request, limitBytes) : request.bytes());
    exchangeOf(request).body = { bytes: bytes.length, fingerprint: fingerprint(request, bytes) };
    const body = bytes.length === 0 ? {} : parseJson(bytes);
    if (form.Check(body)) return body;
    throw wrongForm('body', form.Errors(body));
  };
}

/** Of a body that does not say how long it is. */
async function readBounded(request: Request, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Taken here, where the bytes are at hand, and only where it is needed. */
function fingerprint(request: Request, body: Uint8Array): string {
  if (!request.headers.has('idempotency-key')) return '';
  const secret = bearerOf(request.headers.get('authorization')) ?? '';
  return fingerprintOf({ secret, method: request.method, ...targetOf(request.url), body });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new CodeLandError('invalidRequest', 'the body is not JSON in UTF-8', {
      details: [{ field: 'body', expected: 'a JSON object', received: 'other bytes' }],
    });
  }
}

const tooLarge = (limitBytes: number) =>
  new CodeLandError('payloadTooLarge', `the body is larger than ${limitBytes} bytes`);
