import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { StoreError } from './errors.ts';

/**
 * A row as its table's schema says. Rows outlive the version that wrote them, and an operator may edit them.
 * @throws {StoreError} When it is of another form.
 */
export function checkRow<Row extends TSchema>(table: string, form: Row, row: unknown): Static<Row> {
  if (Value.Check(form, row)) return row;
  const problem = Value.Errors(form, row).First();
  throw new StoreError(
    `a row of the table ${table} is damaged: ${problem?.path ?? ''} ${problem?.message ?? ''}`,
  );
}

/** JSON of a row. What is no JSON is undefined, which is of no form. */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
