/** What a supervisor asks: whether the server lives, and whether it has a guest to give. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import type { RunnerPool } from '../runner/pool.ts';

const Status = Type.Object({ status: Type.String() });

export const health = (pool: Pick<RunnerPool, 'counts'>) =>
  new Elysia({ normalize: false })
    .get('/healthz', () => ({ status: 'ok' }), {
      response: { 200: Status },
      detail: { summary: 'Whether the server lives' },
    })
    .get(
      '/readyz',
      ({ status }) =>
        pool.counts.ready > 0 ? { status: 'ready' } : status(503, { status: 'no guest is ready' }),
      {
        response: { 200: Status, 503: Status },
        detail: { summary: 'Whether a guest is ready' },
      },
    );
