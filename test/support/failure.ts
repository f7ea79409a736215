/** What a promise rejects with: taken at once, so that several may fail before the first is looked at. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Should have failed, but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** What a function throws. */
export function thrown(act: () => unknown): unknown {
  let value: unknown;
  try {
    value = act();
  } catch (error) {
    return error;
  }
  throw new Error(`Should have thrown, but gave ${JSON.stringify(value)}`);
}
