/** What commands ask the running server with, typed by the server's own application. */
import { treaty } from '@elysia/eden';
import { type ControlApp, controlSocket } from './server.ts';

/** No server listens on the data folder's socket. */
export class NoServerError extends Error {
  override readonly name = 'NoServerError';
}

/** What the server answered instead: its failure's name is in `failure`. */
export class ControlAnswerError extends Error {
  override readonly name = 'ControlAnswerError';
  readonly failure: string;

  constructor(failure: string, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** A client of the server that uses this data folder. Its calls wait as long as it takes. */
export const controlClient = (home: string) =>
  treaty<ControlApp>('http://control', {
    fetcher: Object.assign(
      (url: string | URL | Request, init: RequestInit = {}) =>
        fetch(url, { ...init, unix: controlSocket(home), ...PATIENT }),
      { preconnect: fetch.preconnect },
    ),
    parseDate: false,
  });

/** Bun gives up an answer after five minutes by itself; this option, which its types lack, keeps it from that. */
const PATIENT = { timeout: false };

export type ControlClient = ReturnType<typeof controlClient>;

type Answer<T> =
  | { readonly data: T; readonly error: null }
  | { readonly data: null; readonly error: { readonly value: unknown } };

/**
 * The data of an answer: `await answered(controlClient(home).status.get())`.
 * @throws {NoServerError} When no server listens.
 * @throws {ControlAnswerError} When the server answers with a failure.
 * @throws The signal's reason, when the call was given a signal and that is aborted.
 */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error } = await call;
  if (error === null) return data;
  const { value } = error;
  if (value instanceof Error) throw isUnreachable(value) ? notRunning(value) : value;
  throw failureOf(value);
}

const notRunning = (cause: Error) => new NoServerError('no server uses this data folder', { cause });

/** No socket, or one that nobody listens on: left by a killed server. */
const isUnreachable = (error: Error) =>
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'FailedToOpenSocket');

function failureOf(value: unknown): ControlAnswerError {
  const known = typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
  return known
    ? new ControlAnswerError(String(value.name), String(value.message))
    : new ControlAnswerError('unknown', `the server answered ${JSON.stringify(value)}`);
}
