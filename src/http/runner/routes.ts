/** The routes of document 1, below `/api/v1/runner`. */
import { Elysia } from 'elysia';
import { defaultLanguage, findLanguage, languages } from '../../../vm-images/languages/mod.ts';
import type { LimitsConfig } from '../../config.ts';
import { readHostMemory } from '../../host/memory.ts';
import { formatSize } from '../../lib/size.ts';
import type { Program } from '../../protocol/messages.ts';
import { CodeLandError } from '../../runner/errors.ts';
import type { RunnerPool } from '../../runner/pool.ts';
import { runOnce } from '../../runner/run.ts';
import { bodyReader } from '../body.ts';
import { answers, RunResult, runAnswers } from '../failure.ts';
import { checkTime } from '../query.ts';
import { RunBody, RunnerList, runQuery } from './model.ts';

export type RunnerServices = {
  readonly pool: RunnerPool;
  readonly limits: LimitsConfig;
};

export const runnerRoutes = ({ pool, limits }: RunnerServices) =>
  new Elysia({ prefix: '/api/v1/runner', normalize: false })
    .post(
      '/run',
      ({ body, query, request, server }) => {
        // A program may be silent for longer than the server lets a connection idle.
        server?.timeout(request, 0);
        const seconds = query.time ?? limits.defaultSeconds;
        return runOnce(pool, toProgram(body), {
          seconds,
          outputBytes: limits.outputBytes,
          signal: request.signal,
        });
      },
      {
        parse: bodyReader(RunBody, limits.bodyBytes),
        body: RunBody,
        transform: checkTime,
        query: runQuery(limits),
        response: runAnswers(RunResult),
        detail: { summary: 'Run code once on a throw-away runner' },
      },
    )
    .get('/', () => listRunners(pool), {
      response: answers(RunnerList),
      detail: { summary: 'List the runners and the memory of the worker' },
    });

function listRunners(pool: RunnerPool): typeof RunnerList.static {
  const { totalBytes, availableBytes } = readHostMemory();
  const usedBytes = totalBytes - availableBytes;
  return {
    memory: {
      total: formatSize(totalBytes),
      available: formatSize(availableBytes),
      used: formatSize(usedBytes),
      percent: Math.round((usedBytes / totalBytes) * 10_000) / 100,
    },
    runners: pool.runners.map(({ name, inUse, pid }) => ({
      name,
      inUse,
      // A ready guest's CPU is stopped until somebody takes it.
      state: inUse ? 'RUNNING' : 'READY',
      pid: String(pid),
    })),
  };
}

/** @throws {CodeLandError} `invalidRequest` for an unknown language, with the known ones. */
function toProgram(body: RunBody): Program {
  const name = body.language ?? defaultLanguage.name;
  const language = findLanguage(name);
  if (!language) {
    const known = languages.map((known) => known.name).join(', ');
    throw new CodeLandError('invalidRequest', `unknown language; known are ${known}`, {
      details: [{ field: 'body.language', expected: `one of ${known}`, received: JSON.stringify(name) }],
    });
  }
  const { code, stdin = '', args = [], env = {}, files = {} } = body;
  return { language: language.name, code, stdin, args, env, files };
}
