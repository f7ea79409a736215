/** The HTTP application: routes and what they need, nothing that opens a port or starts a process. */
import { Elysia } from 'elysia';
import { auth } from './http/auth.ts';
import { errors } from './http/errors.ts';
import { type RunnerServices, runnerRoutes } from './http/runner/routes.ts';

export type AppServices = RunnerServices & {
  readonly key: string;
  /** Told of each error that is the server's own. */
  readonly onFault: (error: unknown) => void;
};

export const createApp = ({ key, onFault, ...services }: AppServices) =>
  new Elysia({ normalize: false })
    .use(errors(onFault))
    .use(auth(key))
    .use(runnerRoutes(services))
    .get('/healthz', () => ({ status: 'ok' }))
    .get('/readyz', ({ status }) =>
      services.pool.counts.ready > 0 ? { status: 'ready' } : status(503, { status: 'no guest is ready' }),
    );

export type App = ReturnType<typeof createApp>;
