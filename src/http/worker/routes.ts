/** The worker's own route, on both bases. */
import { Elysia } from 'elysia';
import type { RunnerPool } from '../../runner/pool.ts';
import type { WorkerFigures } from '../../stats/worker.ts';
import { answers } from '../answers.ts';
import { noQuery } from '../query.ts';
import { describeWorker } from './describe.ts';
import { Worker } from './model.ts';

export type WorkerServices = {
  readonly pool: RunnerPool;
  readonly template: { readonly id: string };
  /** Reads the host's figures. */
  readonly workerFigures: () => Promise<WorkerFigures>;
};

export const workerRoutes = ({ pool, template, workerFigures }: WorkerServices) => {
  const worker = async () => describeWorker(await workerFigures(), pool, template.id);
  const form = () => ({
    ...noQuery(),
    response: answers(Worker),
    detail: { operationId: 'getWorker', summary: 'Look at the worker: host, pool of runners, queue' },
  });
  return new Elysia({ normalize: false })
    .get('/api/v1/worker', worker, form())
    .get('/codeland/worker', worker, form());
};
