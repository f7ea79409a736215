/** What a promise rejects with: taken at once, so that several may fail before the first is looked at. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Should have failed, but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** What an error came from, nearest cause first. Compared with `toBe`: `toMatchObject` takes any error for any other. */
export function causes(error: unknown): unknown[] {
  if (!(error instanceof Error) || error.cause === undefined) return [];
  return [error.cause, ...causes(error.cause)];
}

/** The names of an error and its causes, outermost first. */
export function names(error: unknown): string[] {
  return [error, ...causes(error)].map((each) => (each instanceof Error ? each.name : String(each)));
}
