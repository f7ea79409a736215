/** Reads what the tests need of an OpenAPI document. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

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
