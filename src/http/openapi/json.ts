/** JSON as data. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** What of a value is JSON: no symbols, no functions, nothing undefined. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value, when it is an object; else an empty one. */
export const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
