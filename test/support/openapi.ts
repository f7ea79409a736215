/** Reads what the tests need of an OpenAPI document. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Ajv2020 } from 'ajv/dist/2020.js';

const Examples = Type.Optional(Type.Record(Type.String(), Type.Object({ value: Type.Unknown() })));
const Content = Type.Object({
  'application/json': Type.Object({ schema: Type.Unknown(), examples: Examples }),
});
const Parameter = Type.Object({
  name: Type.String(),
  in: Type.String(),
  example: Type.Optional(Type.Unknown()),
});

const OperationForm = Type.Object({
  operationId: Type.String(),
  summary: Type.String(),
  tags: Type.Array(Type.String()),
  security: Type.Optional(Type.Array(Type.Unknown())),
  parameters: Type.Array(Type.Union([Parameter, Type.Object({ $ref: Type.String() })])),
  requestBody: Type.Optional(Type.Object({ content: Content })),
  responses: Type.Record(Type.String(), Type.Object({ content: Content })),
});

const DocumentForm = Type.Object({
  paths: Type.Record(Type.String(), Type.Record(Type.String(), OperationForm)),
  components: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
});

export type Document = Static<typeof DocumentForm>;

export type Operation = {
  /** In capitals. */
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly operation: Static<typeof OperationForm>;
};

/** @throws {Error} For a text that is no such document. */
export const readDocument = (text: string): Document => Value.Parse(DocumentForm, JSON.parse(text));

export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** Compares answers with their description. */
export type Schemas = {
  /** What a body breaks of the description of its status; undefined when it breaks nothing. */
  readonly problems: (operation: Operation, status: number, body: unknown) => unknown;
};

export function schemasOf(document: Document): Schemas {
  // A format is an annotation; the words of OpenAPI around a schema are none of JSON Schema's.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'api');
  return {
    problems({ method, path, operation }, status, body) {
      if (operation.responses[status] === undefined) return `${status} is not described`;
      const parts = ['responses', String(status), 'content', 'application/json', 'schema'];
      const pointer = ['paths', path, method.toLowerCase(), ...parts]
        .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/');
      const validate = ajv.getSchema(`api#/${pointer}`);
      if (!validate) return `there is no schema at ${pointer}`;
      return validate(body) ? undefined : validate.errors;
    },
  };
}
