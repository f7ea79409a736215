/** The HTTP application: routes and what they need, nothing that opens a port or starts a process. */
import { Elysia } from 'elysia';
import { auth } from './http/auth.ts';
import { errors } from './http/errors.ts';
import { exchange } from './http/exchange.ts';
import { boundedHeader } from './http/headers.ts';
import { health } from './http/health.ts';
import { type RequestObserver, requestLog } from './http/log.ts';
import { type MetricsServices, metricsRoute } from './http/metrics.ts';
import { openApi } from './http/openapi.ts';
import { documentOne } from './http/runner/document-one.ts';
import { documentTwo } from './http/runner/document-two.ts';
import { type RunnerServices, runnerHandlers } from './http/runner/handlers.ts';
import { type WorkerServices, workerRoutes } from './http/worker/routes.ts';
import type { Log } from './telemetry/log.ts';

export type AppServices = RunnerServices &
  WorkerServices & {
    readonly log: Pick<Log, 'requestDone' | 'fault'>;
    readonly metrics: RequestObserver & MetricsServices['metrics'];
    /** Who may read the metrics. */
    readonly metricsAccess: MetricsServices['access'];
  };

/** What comes first is asked first: a request is known, logged and let in before any route sees it. */
export const createApp = ({ log, metrics, metricsAccess, ...services }: AppServices) => {
  const { access, limits, pool } = services;
  const handlers = runnerHandlers(services);
  return new Elysia({ normalize: false })
    .use(exchange)
    .use(requestLog({ log, observe: metrics }))
    .use(errors((fault, requestId) => log.fault(fault, requestId)))
    .use(boundedHeader)
    .use(auth(access))
    .use(documentOne(handlers, limits))
    .use(documentTwo(handlers, limits))
    .use(workerRoutes(services))
    .use(health(pool))
    .use(metricsRoute({ metrics, access: metricsAccess }))
    .use(openApi);
};

export type App = ReturnType<typeof createApp>;
