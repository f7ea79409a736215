/** The models that have a name in the document: described once, referred to wherever they occur. */
import {
  Forbidden,
  Internal,
  InvalidRequest,
  PayloadTooLarge,
  RunnerBusy,
  RunnerExecutionFailed,
  RunnerNotAvailable,
  RunnerNotFound,
  RunnerTimedOut,
  TooManyRequests,
  Unauthorized,
} from '../failure.ts';
import { RunBody, RunOnceBody } from '../runner/request.ts';
import { Deleted, RunnerInfo, RunnerList, RunResult } from '../runner/result.ts';
import { Worker } from '../worker/model.ts';

export const MODELS = {
  RunBody,
  RunOnceBody,
  RunResult,
  RunnerInfo,
  RunnerList,
  Deleted,
  Worker,
  Unauthorized,
  Forbidden,
  RunnerNotFound,
  RunnerBusy,
  RunnerExecutionFailed,
  RunnerNotAvailable,
  RunnerTimedOut,
  PayloadTooLarge,
  InvalidRequest,
  TooManyRequests,
  Internal,
} as const;
