/** From a TypeBox model to the JSON Schema (2020-12) of OpenAPI 3.1. */
import { asObject, isObject, type Json, type JsonObject, toJson } from './json.ts';

/** Names of the models that are described once and referred to, by their schema as text. */
export type ModelNames = ReadonlyMap<string, string>;

/** @param model As a route has it, or undefined where it has none. */
export const toSchema = (model: unknown): JsonObject => asObject(simplify(toJson(model)));

export const propertiesOf = (schema: JsonObject): JsonObject => asObject(schema['properties']);

/** A body of this schema, with the examples that its model gives. */
export function describeContent(schema: JsonObject, names: ModelNames): JsonObject {
  const { examples, ...form } = schema;
  const values = Array.isArray(examples) ? examples : [];
  const named = values.map((value: Json, n: number) => [`example ${n + 1}`, { value }] as const);
  const name = names.get(JSON.stringify(form));
  return {
    'application/json': {
      schema: name === undefined ? form : { $ref: `#/components/schemas/${name}` },
      ...(named.length === 0 ? {} : { examples: Object.fromEntries(named) }),
    },
  };
}

/** What holds values, not schemas. */
const VALUES = new Set(['const', 'default', 'enum', 'examples', 'required']);

function simplify(value: Json): Json {
  if (Array.isArray(value)) return value.map(simplify);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    // A keyword of OpenAPI 3.0 only.
    .filter(([name, inner]) => !(name === 'nullable' && typeof inner === 'boolean'))
    .map(([name, inner]) => [name, VALUES.has(name) ? inner : simplify(inner)] as const);
  return simplifyUnion(Object.fromEntries(entries));
}

function simplifyUnion(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const members = anyOf.map((member: Json) => asObject(member)).filter(isNotCoerced);
  const [first = {}, second] = members;
  if (second === undefined) return { ...first, ...rest };
  if (members.every((member) => typeof member['const'] === 'string')) {
    return { type: 'string', enum: members.map((member) => member['const'] ?? null), ...rest };
  }
  const isOrNull = members.length === 2 && second['type'] === 'null';
  if (isOrNull && typeof first['type'] === 'string' && !('const' in first) && !('enum' in first)) {
    return { ...first, type: [first['type'], 'null'], ...rest };
  }
  return { anyOf: members, ...rest };
}

/** Formats of the text that Elysia takes in place of a number or a flag. */
const COERCED = new Set<Json | undefined>(['integer', 'numeric', 'boolean']);

const isNotCoerced = ({ type, format }: JsonObject) => !(type === 'string' && COERCED.has(format));
