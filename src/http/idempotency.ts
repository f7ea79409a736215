/** `Idempotency-Key`: what runs under one key runs at most once, and is answered the same again. */
import type { Static, TSchema } from '@sinclair/typebox';

export type Call = {
  /** Id of the principal; the same key of two owners is two keys. */
  readonly owner: string;
  /** The header `Idempotency-Key`, if any. */
  readonly key: string | undefined;
  /** Of {@link fingerprintOf}: tells the same request from another one under the same key. Unused without a key. */
  readonly fingerprint: string;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
};

/** SHA-256 of method, path, query and body as they came. */
export function fingerprintOf(_request: {
  readonly method: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly body: Uint8Array | string;
}): string {
  return '';
}

/** Whether an error is a stored one thrown again, so that the answer carries `Idempotent-Replayed`. */
export function isReplay(_error: unknown): boolean {
  return false;
}

export class Idempotency implements AsyncDisposable {
  /**
   * Executes once for each key.
   * @param form What a stored answer must look like to be given again.
   * @param execute Gets the signal that ends it: the client's without a key. With one the execution goes on to
   *   its end when the client leaves, for whoever asks again.
   * @throws {CodeLandError} `invalidRequest` for a malformed key, or one that came with another request before.
   * @throws What the execution throws.
   * @throws The signal's reason when the client leaves.
   */
  async once<Form extends TSchema>(
    call: Call,
    _form: Form,
    execute: (signal: AbortSignal) => Promise<Static<Form>>,
  ): Promise<{ value: Static<Form>; replayed: boolean }> {
    return { value: await execute(call.signal), replayed: false };
  }

  /** Waits for the executions under way. */
  async [Symbol.asyncDispose](): Promise<void> {}
}
