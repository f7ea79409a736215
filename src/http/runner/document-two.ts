/** The routes of document 2. */
import { Elysia } from 'elysia';
import type { LimitsConfig } from '../../config.ts';
import { runnerForms } from './forms.ts';
import type { RunnerHandlers } from './handlers.ts';

export const documentTwo = (handle: RunnerHandlers, limits: LimitsConfig) => {
  const form = runnerForms(limits);
  return new Elysia({ prefix: '/codeland', normalize: false })
    .post('/run', handle.once, form.once)
    .post('/run/new', handle.create, form.create)
    .post('/run/:runner', handle.onRunner, form.onRunner)
    .get('/run/:runner', handle.info, form.info)
    .delete('/run/:runner', handle.remove, form.remove)
    .get('/run/:runner/runs', handle.runs, form.runs)
    .get('/run/:runner/runs/:run', handle.run, form.run)
    .get('/run', handle.list, form.list);
};
