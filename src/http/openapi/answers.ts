/** The answers of an operation: what each status means, its headers, its body. */
import { asObject, type Json, type JsonObject } from './json.ts';
import { describeContent, type ModelNames, propertiesOf, toSchema } from './schema.ts';

/** What an operation's answers depend on besides their bodies. */
type Circumstances = {
  /** It needs a bearer key. */
  readonly needsKey: boolean;
  /** It runs code. */
  readonly isRun: boolean;
};

const integer = { type: 'integer', minimum: 0 } as const;

/** The headers of answers, referred to by name. */
export const ANSWER_HEADERS = {
  'X-Request-Id': {
    description: 'Names this request in the log of the server: the id that was sent, or a new one.',
    schema: { type: 'string' },
  },
  'WWW-Authenticate': { description: 'How to authenticate.', schema: { const: 'Bearer' } },
  'Retry-After': {
    description: 'Whole seconds after which a new try makes sense.',
    schema: { ...integer, minimum: 1 },
  },
  'RateLimit-Limit': {
    description:
      'Requests that the key may make in a minute. Only for keys with such a limit, as its fellows.',
    schema: integer,
  },
  'RateLimit-Remaining': { description: 'How many of them are left.', schema: integer },
  'RateLimit-Reset': { description: 'Whole seconds until all of them are back.', schema: integer },
  'Server-Timing': {
    description:
      'Where the request’s time in the server went, ms (W3C Server Timing). `auth`, `parse`, `key`, `queue`, `take`, `send`, `agent`, `exec` and `reply` follow each other and make up `total`; `resume` is within `agent`; `guest` is `agent` and `exec`; `overhead` is all but `guest` and `queue`.',
    schema: { type: 'string' },
    example:
      'auth;dur=0.021, parse;dur=0.184, queue;dur=0, take;dur=0.031, send;dur=0.12, agent;dur=2.087, exec;dur=19.01, reply;dur=0.14, resume;dur=0.652, guest;dur=21.097, overhead;dur=0.496, total;dur=21.593',
  },
  'X-CodeLand-Run': {
    description: 'Names the run on its runner; only on a runner that stays.',
    schema: { type: 'string' },
  },
  'Idempotent-Replayed': {
    description: 'The answer of an earlier request under the same `Idempotency-Key`.',
    schema: { const: 'true' },
  },
} as const satisfies JsonObject;

type HeaderName = keyof typeof ANSWER_HEADERS;

/** @param models By status. */
export const describeAnswers = (
  models: JsonObject,
  names: ModelNames,
  circumstances: Circumstances,
): JsonObject =>
  Object.fromEntries(
    Object.entries(models).map(([status, model]) => {
      const schema = toSchema(model);
      const headers = headersOf(Number(status), circumstances);
      const answer = {
        description: schema['description'] ?? 'What was asked for.',
        headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
        content: describeContent(withExample(schema), names),
      };
      return [status, answer];
    }),
  );

function headersOf(status: number, { needsKey, isRun }: Circumstances): HeaderName[] {
  const headers: HeaderName[] = ['X-Request-Id'];
  if (status === 401) headers.push('WWW-Authenticate');
  else if (needsKey) headers.push('RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset');
  if (status === 429 || status === 503) headers.push('Retry-After');
  if (isRun && (status === 200 || status === 498)) headers.push('Server-Timing');
  if (isRun && (status === 200 || status === 400 || status === 498)) {
    headers.push('X-CodeLand-Run', 'Idempotent-Replayed');
  }
  return headers;
}

/** A failure's model gives no example of its own; where that is all, its name and what it means are one. */
function withExample(schema: JsonObject): JsonObject {
  const name: Json | undefined = asObject(propertiesOf(schema)['name'])['const'];
  const { required } = schema;
  if (name === undefined || !Array.isArray(required) || required.length > 2) return schema;
  return { ...schema, examples: [{ name, message: schema['description'] ?? '' }] };
}
