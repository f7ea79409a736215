/** Reads the parameters of a query, each strictly: what is not meant as it stands is refused, never replaced. */
import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import type { FieldProblem } from '../runner/errors.ts';
import { fieldName, invalidRequest, shorten, wholeNumber } from './problems.ts';
import { targetOf } from './target.ts';

/** How a parameter's text is read. */
type Reader = {
  readonly expected: string;
  /** The value, or undefined for a text that is none. */
  readonly read: (text: string) => unknown;
};

/** What the values of a query come to, or what is wrong with them. */
type Reading = { readonly query: Record<string, unknown>; readonly problems: readonly FieldProblem[] };

/**
 * What a route has that takes a query of this form: its schema, and how it is read.
 * @param query Its properties are integers with both limits, or booleans, all optional.
 * @throws {TypeError} For another form.
 */
export const strictQuery = <const T extends TObject>(query: T) => ({ query, transform: queryReader(query) });

/** What a route has that takes no parameters. Made anew: Elysia writes into what it gets. */
export const noQuery = () => strictQuery(Type.Object({}, { additionalProperties: false }));

/**
 * Comes before Elysia's own reader, which reads numbers by their value alone (`0x10`, `1e1` and ` 5` pass), knows
 * no bare flag, and names no field that is out of its range.
 */
function queryReader(model: TObject) {
  const readers = new Map(
    Object.entries(model.properties).map(([name, schema]) => [name, readerOf(name, schema)]),
  );
  /** @throws {CodeLandError} `invalidRequest`, with each parameter that is unknown, repeated, or no such value. */
  return (context: { readonly request: Request; query: unknown }): void => {
    const text = targetOf(context.request.url).query;
    const { query, problems } = text === '' ? nothing() : readQuery(text, readers);
    if (problems.length > 0) throw invalidRequest(problems);
    context.query = query;
  };
}

/** Made anew: Elysia writes defaults into the query. */
const nothing = (): Reading => ({ query: {}, problems: [] });

function readQuery(text: string, readers: ReadonlyMap<string, Reader>): Reading {
  const given = new URLSearchParams(text);
  const query: Record<string, unknown> = {};
  const problems: FieldProblem[] = [];
  for (const name of new Set(given.keys())) {
    const texts = given.getAll(name);
    const reader = readers.get(name);
    const value = texts.length === 1 ? reader?.read(texts[0] ?? '') : undefined;
    if (value !== undefined) query[name] = value;
    else {
      const expected = reader ? reader.expected : 'no such parameter';
      problems.push({ field: fieldName('query', name), expected, received: shorten(texts.join(', ')) });
    }
  }
  return { query, problems };
}

function readerOf(name: string, schema: TSchema): Reader {
  const { type, minimum, maximum }: Readonly<Record<string, unknown>> = schema;
  if (type === 'boolean') return flag;
  if (type === 'integer' && typeof minimum === 'number' && typeof maximum === 'number') {
    return integer(minimum, maximum);
  }
  throw new TypeError(`the query parameter ${name} has a form that is not read from a query`);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['', true],
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const flag: Reader = {
  expected: 'the name alone, or one of true, 1, false and 0',
  read: (text) => FLAGS.get(text),
};

const integer = (minimum: number, maximum: number): Reader => ({
  expected: `${wholeNumber(minimum, maximum)}, once and in digits`,
  read: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= minimum && value <= maximum ? value : undefined;
  },
});
