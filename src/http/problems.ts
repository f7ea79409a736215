/** From what is wrong with a request to what its sender is told. */
import { CodeLandError, type FieldProblem } from '../runner/errors.ts';

const MAX_PROBLEMS = 20;
const MAX_RECEIVED = 80;
/** Longer names come from nobody who wants to be told about them. */
const MAX_FIELD = 300;

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
  return invalidRequest(problems(part, found));
}

/** `invalidRequest` with these problems, of which only so many are shown. */
export function invalidRequest(found: readonly FieldProblem[]): CodeLandError {
  const details = found.slice(0, MAX_PROBLEMS);
  const named = details.map(({ field, expected }) => `${field}: expected ${expected}`).join('; ');
  return new CodeLandError('invalidRequest', `the request is of the wrong form: ${named}`, { details });
}

/** A problem for each field, the first that was found in it. */
function problems(part: string, found: Iterable<Problem>): FieldProblem[] {
  const byField = new Map<string, FieldProblem>();
  for (const problem of found) {
    if (byField.size >= MAX_PROBLEMS) break;
    if (!('path' in problem)) continue;
    const field = pointedField(part, problem.path);
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
function pointedField(part: string, pointer: string): string {
  if (pointer === '') return part;
  const names = pointer.slice(1).split('/');
  return names.reduce(
    (path, name) => fieldName(path, name.replaceAll('~1', '/').replaceAll('~0', '~')),
    part,
  );
}

/** How a problem names what is called `name` within `part`. */
export const fieldName = (part: string, name: string): string =>
  cut(/^\w+$/.test(name) ? `${part}.${name}` : `${part}[${JSON.stringify(name)}]`, MAX_FIELD);

/** What the names in a record of the body must be like. */
const RECORD_NAMES: ReadonlyMap<string, string> = new Map([
  ['files', 'a relative path that stays in the working directory, without empty, "." or ".." parts'],
  ['env', 'a name of letters, digits and underscores that begins with no digit'],
]);

function expectation(pointer: string, schema: Record<string, unknown>, message: string): string {
  const { minimum, maximum, pattern, anyOf } = schema;
  if (typeof minimum === 'number' && typeof maximum === 'number') return wholeNumber(minimum, maximum);
  const choices = Array.isArray(anyOf) ? anyOf.filter(isLiteral) : [];
  if (choices.length > 0) return `one of ${choices.map((choice) => JSON.stringify(choice.const)).join(', ')}`;
  if (typeof pattern === 'string' && pattern.includes('u0000')) return 'a string without NUL characters';
  if (message === 'Unexpected property')
    return RECORD_NAMES.get(pointer.split('/')[1] ?? '') ?? 'no such field';
  if (message === 'Expected required property') return 'a value (the field is required)';
  return message.replace(/^Expected /, '');
}

const isLiteral = (schema: unknown): schema is { readonly const: unknown } =>
  typeof schema === 'object' && schema !== null && 'const' in schema;

export const wholeNumber = (minimum: number, maximum: number): string =>
  `a whole number from ${minimum} to ${maximum}`;

/** A value as a problem shows it. */
export function shorten(value: unknown): string {
  return value === undefined ? 'nothing' : cut(JSON.stringify(value), MAX_RECEIVED);
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;
