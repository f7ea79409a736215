/**
 * The answers of each kind of route, by status. Each map is written out and belongs on the route itself: spread
 * keys lose their number types, and a map from a guard lets a failure go out as 200.
 */
import type { TSchema } from '@sinclair/typebox';
import {
  Forbidden,
  Internal,
  InvalidRequest,
  PayloadTooLarge,
  RunNotFound,
  RunnerBusy,
  RunnerExecutionFailed,
  RunnerNotAvailable,
  RunnerNotFound,
  RunnerTimedOut,
  TooManyRequests,
  Unauthorized,
} from './failure.ts';

/** Of a route behind a key that reads what is there. */
export const answers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  401: Unauthorized,
  422: InvalidRequest,
  429: TooManyRequests,
  500: Internal,
});

/** Of a route about one runner. */
export const runnerAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  401: Unauthorized,
  404: RunnerNotFound,
  422: InvalidRequest,
  429: TooManyRequests,
  500: Internal,
});

/** Of a route about one run on a runner. */
export const recordAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  401: Unauthorized,
  404: RunNotFound,
  422: InvalidRequest,
  429: TooManyRequests,
  500: Internal,
});

/** Of a run on a fresh runner. */
export const runOnceAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  400: RunnerExecutionFailed,
  401: Unauthorized,
  413: PayloadTooLarge,
  422: InvalidRequest,
  429: TooManyRequests,
  498: RunnerTimedOut,
  500: Internal,
  503: RunnerNotAvailable,
});

/** Of the making of a runner. */
export const createAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  400: RunnerExecutionFailed,
  401: Unauthorized,
  403: Forbidden,
  413: PayloadTooLarge,
  422: InvalidRequest,
  429: TooManyRequests,
  498: RunnerTimedOut,
  500: Internal,
  503: RunnerNotAvailable,
});

/** Of a run on a runner that is there. */
export const runAnswers = <const Ok extends TSchema>(ok: Ok) => ({
  200: ok,
  400: RunnerExecutionFailed,
  401: Unauthorized,
  404: RunnerNotFound,
  409: RunnerBusy,
  413: PayloadTooLarge,
  422: InvalidRequest,
  429: TooManyRequests,
  498: RunnerTimedOut,
  500: Internal,
});
