/** The one set of handlers behind both documents. */
import { type ReadServices, readHandlers } from './reads.ts';
import { recordHandlers } from './records.ts';
import { type RunServices, runHandlers } from './runs.ts';

export type RunnerServices = RunServices & ReadServices;
export type RunnerHandlers = ReturnType<typeof runnerHandlers>;

export const runnerHandlers = (services: RunnerServices) => ({
  ...runHandlers(services),
  ...readHandlers(services),
  ...recordHandlers(services),
});
