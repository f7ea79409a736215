/** From what a schema has to say about a request to what its sender is told. */
import { CodeLandError, type FieldProblem } from '../runner/errors.ts';

const MAX_PROBLEMS = 20;
const MAX_RECEIVED = 80;

/** What a schema says about a value. The summaries that Elysia has among them lack a path. */
type Problem =
  | { readonly path: string; readonly schema: Schema; readonly message: string; readonly value: unknown }
  | { readonly summary?: string };
type Schema = Readonly<Record<string, unknown>>;

/**
 * @param part Where the value was, as `body`.
 * @param found Looked at only as far as problems are shown.
 */
export function wrongForm(part: string, found: Iterable<Problem>): CodeLandError {
  const details = problems(part, found);
  const named = details.map(({ field, expected }) => `${field}: expected ${expected}`).join('; ');
  return new CodeLandError('invalidRequest', `the request is of the wrong form: ${named}`, { details });
}

/** A problem for each field, the first that was found in it. */
function problems(part: string, found: Iterable<Problem>): FieldProblem[] {
  const byField = new Map<string, FieldProblem>();
  for (const problem of found) {
    if (byField.size >= MAX_PROBLEMS) break;
    if (!('path' in problem)) continue;
    const field = fieldName(part, problem.path);
    if (byField.has(field)) continue;
    byField.set(field, {
      field,
      expected: expectation(problem.path, problem.schema, problem.message),
      received: shorten(problem.value),
    });
  }
  return [...byField.values()];
}

/** `body.files["../x"]` for the JSON pointer (RFC 6901) `/files/..~1x`. */
function fieldName(part: string, pointer: string): string {
  // Elysia names no field for a number in the query that is out of its range; `time` is the only one.
  if (part === 'property') return 'query.time';
  if (pointer === '') return part;
  const names = pointer.slice(1).split('/');
  return names.reduce((path, name) => {
    const plain = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\w+$/.test(plain) ? `${path}.${plain}` : `${path}[${JSON.stringify(plain)}]`;
  }, part);
}

/** What the names in a record of the body must be like. */
const RECORD_NAMES: ReadonlyMap<string, string> = new Map([
  ['files', 'a relative path that stays in the working directory, without empty, "." or ".." parts'],
  ['env', 'a name of letters, digits and underscores that begins with no digit'],
]);

function expectation(pointer: string, schema: Record<string, unknown>, message: string): string {
  const { minimum, maximum, pattern } = schema;
  if (typeof minimum === 'number' && typeof maximum === 'number') {
    return `a whole number from ${minimum} to ${maximum}`;
  }
  if (typeof pattern === 'string' && pattern.includes('u0000')) return 'a string without NUL characters';
  if (message === 'Unexpected property')
    return RECORD_NAMES.get(pointer.split('/')[1] ?? '') ?? 'no such field';
  if (message === 'Expected required property') return 'a value (the field is required)';
  return message.replace(/^Expected /, '');
}

function shorten(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MAX_RECEIVED ? `${text.slice(0, MAX_RECEIVED)}…` : text;
}
