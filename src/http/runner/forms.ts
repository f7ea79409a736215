/** The form of each route about runners: what it takes, how that is read, what it answers. */
import type { LimitsConfig } from '../../config.ts';
import {
  answers,
  createAnswers,
  recordAnswers,
  runAnswers,
  runnerAnswers,
  runOnceAnswers,
} from '../answers.ts';
import { jsonBody } from '../body.ts';
import { noQuery, strictQuery } from '../query.ts';
import {
  freshRunQuery,
  ListQuery,
  newBody,
  RunBody,
  RunHeaders,
  RunnerParams,
  RunOnceBody,
  RunParams,
  RunRecordQuery,
  runQuery,
} from './request.ts';
import { Deleted, RunnerInfo, RunnerList, RunResult } from './result.ts';
import { RunList, RunRecord } from './run-record.ts';

/** Made anew for each document: Elysia writes into the forms that it gets. */
export const runnerForms = (limits: LimitsConfig) => {
  const run = { ...jsonBody(RunBody, limits.bodyBytes), headers: RunHeaders };
  const once = { ...jsonBody(RunOnceBody, limits.bodyBytes), headers: RunHeaders };
  const create = { ...jsonBody(newBody(limits), limits.bodyBytes), headers: RunHeaders };
  const fresh = strictQuery(freshRunQuery(limits));
  return {
    once: {
      ...once,
      ...fresh,
      response: runOnceAnswers(RunResult),
      detail: { operationId: 'runOnce', summary: 'Run code once on a throw-away runner' },
    },
    create: {
      ...create,
      ...fresh,
      response: createAnswers(RunResult),
      detail: {
        operationId: 'createRunner',
        summary: 'Make a runner that stays, and run its first code, if any',
      },
    },
    onRunner: {
      ...run,
      params: RunnerParams,
      ...strictQuery(runQuery(limits)),
      response: runAnswers(RunResult),
      detail: { operationId: 'runOnRunner', summary: 'Run code on a runner that stays' },
    },
    info: {
      params: RunnerParams,
      ...noQuery(),
      response: runnerAnswers(RunnerInfo),
      detail: { operationId: 'getRunner', summary: 'Look at a runner' },
    },
    remove: {
      params: RunnerParams,
      ...noQuery(),
      response: runnerAnswers(Deleted),
      detail: { operationId: 'deleteRunner', summary: 'End a runner at once' },
    },
    runs: {
      params: RunnerParams,
      ...noQuery(),
      response: runnerAnswers(RunList),
      detail: { operationId: 'listRuns', summary: 'List the runs on a runner that stays' },
    },
    run: {
      params: RunParams,
      ...strictQuery(RunRecordQuery),
      response: recordAnswers(RunRecord),
      detail: {
        operationId: 'getRun',
        summary: 'Look at a run on a runner that stays, also after its end or a restart of the server',
      },
    },
    list: {
      ...strictQuery(ListQuery),
      response: answers(RunnerList),
      detail: { operationId: 'listRunners', summary: 'List the runners and the memory of the worker' },
    },
  };
};
