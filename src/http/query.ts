/** What a query may look like, beyond what its model can say. */
import { CodeLandError } from '../runner/errors.ts';

/**
 * Refuses a `time` that is given twice, or written otherwise than in plain digits: numbers are coerced by their
 * value alone, which lets `0x10`, `1e1` and ` 5` pass.
 * @throws {CodeLandError} `invalidRequest`.
 */
export function checkTime({ request }: { readonly request: Request }): void {
  const query = request.url.indexOf('?');
  if (query < 0) return;
  const times = new URLSearchParams(request.url.slice(query)).getAll('time');
  if (times.length <= 1 && times.every((time) => /^\d{1,9}$/.test(time))) return;
  const expected = 'one whole number of seconds, in digits';
  throw new CodeLandError(
    'invalidRequest',
    `the request is of the wrong form: query.time: expected ${expected}`,
    {
      details: [{ field: 'query.time', expected, received: JSON.stringify(times.join(', ')).slice(0, 80) }],
    },
  );
}
