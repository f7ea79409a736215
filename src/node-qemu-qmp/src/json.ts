/** A JSON object as it comes off the wire or goes onto it. */
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

/** What QEMU's schema calls `any`: a value that only the command or the property in question can explain. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** Tells a JSON object from an array, `null` and the scalars. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
