/** The routes of document 1. */
import { Elysia } from 'elysia';
import type { LimitsConfig } from '../../config.ts';
import { runnerForms } from './forms.ts';
import type { RunnerHandlers } from './handlers.ts';

export const documentOne = (handle: RunnerHandlers, limits: LimitsConfig) => {
  const form = runnerForms(limits);
  return new Elysia({ prefix: '/api/v1/runner', normalize: false })
    .post('/run', handle.once, form.once)
    .post('/new', handle.create, form.create)
    .post('/run/:runner', handle.onRunner, form.onRunner)
    .get('/:runner', handle.info, form.info)
    .delete('/:runner', handle.remove, form.remove)
    .get('/:runner/runs', handle.runs, form.runs)
    .get('/:runner/runs/:run', handle.run, form.run)
    .get('/', handle.list, form.list);
};
