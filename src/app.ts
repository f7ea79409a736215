/** The HTTP application: routes and what they need, nothing that opens a port or starts a process. */
import { Elysia } from 'elysia';
import { auth } from './http/auth.ts';
import { errors } from './http/errors.ts';
import { exchange } from './http/exchange.ts';
import { boundedHeader } from './http/headers.ts';
import { documentOne } from './http/runner/document-one.ts';
import { documentTwo } from './http/runner/document-two.ts';
import { type RunnerServices, runnerHandlers } from './http/runner/handlers.ts';
import { type WorkerServices, workerRoutes } from './http/worker/routes.ts';

export type AppServices = RunnerServices &
  WorkerServices & {
    /** Told of each error that is the server's own. */
    readonly onFault: (error: unknown) => void;
  };

export const createApp = ({ onFault, ...services }: AppServices) => {
  const handlers = runnerHandlers(services);
  return new Elysia({ normalize: false })
    .use(exchange)
    .use(errors(onFault))
    .use(boundedHeader)
    .use(auth(services.access))
    .use(documentOne(handlers, services.limits))
    .use(documentTwo(handlers, services.limits))
    .use(workerRoutes(services))
    .get('/healthz', () => ({ status: 'ok' }))
    .get('/readyz', ({ status }) =>
      services.pool.counts.ready > 0 ? { status: 'ready' } : status(503, { status: 'no guest is ready' }),
    );
};

export type App = ReturnType<typeof createApp>;
