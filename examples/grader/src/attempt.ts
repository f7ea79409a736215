/** Tries again what was not executed, when the server says that waiting helps. */
import { setTimeout as sleep } from 'node:timers/promises';

/** What of an answer tells whether to try again. */
type Refusable = { readonly error: { readonly status: unknown } | null; readonly response: Response };

const ATTEMPTS = 5;

/**
 * Calls until there is an answer other than "too many requests" (429) and "no runner" (503), as often as makes
 * sense. All calls carry one `Idempotency-Key`: one whose answer got lost on its way is not executed again.
 */
export async function attempt<T extends Refusable>(
  call: (headers: { 'idempotency-key': string }) => Promise<T>,
): Promise<T> {
  const headers = { 'idempotency-key': crypto.randomUUID() };
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    const answer = await call(headers);
    const retryAfter = Number(answer.response.headers.get('retry-after'));
    if (answer.error === null || retryAfter === 0 || left === 0) return answer;
    await sleep(retryAfter * 1000);
  }
}
