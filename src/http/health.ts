/** What a supervisor asks: whether the server lives, and whether it has guests. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import type { RunnerPool } from '../runner/pool.ts';
import { RunnerNotAvailable } from './failure.ts';

/** Answered, not thrown: that a probe is told no is no failed request. */
const NO_GUESTS = { name: 'RunnerNotAvailable', message: 'there are no guests' } as const;

const Status = Type.Object({ status: Type.String() });

export const health = (pool: Pick<RunnerPool, 'counts'>) =>
  new Elysia({ normalize: false })
    .get('/healthz', () => ({ status: 'ok' }), {
      response: { 200: Status },
      detail: { summary: 'Whether the server lives' },
    })
    .get(
      '/readyz',
      ({ status }) => {
        const { ready, leased } = pool.counts;
        // A server whose guests are all in use is busy, not broken: to take requests away from it helps nobody.
        return ready + leased > 0 ? { status: 'ready' } : status(503, NO_GUESTS);
      },
      {
        response: { 200: Status, 503: RunnerNotAvailable },
        detail: { summary: 'Whether there are guests, ready or in use' },
      },
    );
