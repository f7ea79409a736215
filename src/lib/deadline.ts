/** Waits that end. */

/** Something did not happen in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Waits for `work`, at most `timeoutMs`. The work itself is not stopped: pass it the same signal, or dispose of
 * what it works on.
 * @param what Names what was waited for, as "the agent's hello".
 * @throws {DeadlineError} When the time is up; captured before the wait, so its stack names the caller.
 * @throws The signal's reason when it is aborted.
 */
export function within<T>(
  timeoutMs: number,
  what: string,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const late = new DeadlineError(`waited ${timeoutMs} ms for ${what}`);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(late), timeoutMs);
  const abort = () => reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}

/** Waits `ms`, or until the signal aborts (which rejects with its reason). */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * What `work` comes to, for as long as somebody wants to know; the work itself goes on.
 * @throws What the work rejects with.
 * @throws The signal's reason when it is aborted.
 */
export function follow<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}
