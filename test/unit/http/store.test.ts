import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { errors } from '../../../src/http/errors.ts';
import { exchange } from '../../../src/http/exchange.ts';
import { StoreBusyError } from '../../../src/store/errors.ts';

/** SQLite's errors carry its result code; these are of https://sqlite.org/rescode.html. */
const sqlite = (errcode: number, message: string) => Object.assign(new Error(message), { errcode });

test.each([
  ['held', new StoreBusyError()],
  ['damaged', sqlite(11, 'database disk image is malformed')],
  ['on a full disk', sqlite(13, 'database or disk is full')],
  ['on a broken disk', sqlite(10 | (1 << 8), 'disk I/O error')],
])('a database that is %s is told as 503, to be tried again, and logged', async (_, error) => {
  const faults: unknown[] = [];
  const app = new Elysia()
    .use(exchange)
    .use(errors((fault) => faults.push(fault)))
    .get('/', () => {
      throw error;
    });
  const answer = await app.handle(new Request('http://localhost/'));
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ name: 'RunnerNotAvailable' });
  expect(faults).toEqual([error]);
});
