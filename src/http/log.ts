/** One line in the log, and one count in the metrics, for each answered request. */
import { Elysia, StatusMap } from 'elysia';
import { CodeLandError } from '../runner/errors.ts';
import type { RunReceipt } from '../runner/receipt.ts';
import type { Log, RequestWeight } from '../telemetry/log.ts';
import { exchange, exchangeOf } from './exchange.ts';
import { FAILURE_STATUS } from './failure.ts';

/** Told of each answered request; `Metrics` is one. */
export type RequestObserver = {
  /** @param route The pattern of the route; null when the request failed before there was one. */
  request(method: string, route: string | null, status: number): void;
  /**
   * A run that was executed for this request, not one whose stored answer was given again.
   * @param overheadMs The server's own part of the request's time.
   */
  run(receipt: RunReceipt, overheadMs: number): void;
  failure(name: string): void;
  /** The names that {@link RequestObserver.failure} will be told. */
  knownFailures(names: readonly string[]): void;
};

export type RequestLogOptions = {
  readonly log: Pick<Log, 'requestDone'>;
  readonly observe: RequestObserver;
};

/** The failure of a request whose client had left: nobody read the answer, whatever it was. */
const CLIENT_GONE = 'clientGone';

/** A standard fetch handler may be given a request of any method. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'other';

/** What machines ask every few seconds, also while no guest is ready. */
const PROBES: ReadonlySet<string | null> = new Set(['/healthz', '/readyz', '/metrics']);

/** What an error says besides the failure that is answered. */
type Trouble = { readonly isGone: boolean; readonly cause: unknown };

/** For the app itself, before the plugin that answers errors and the routes: only what comes later is logged. */
export const requestLog = ({ log, observe }: RequestLogOptions) => {
  const troubles = new WeakMap<Request, Trouble>();
  observe.knownFailures([...Object.keys(FAILURE_STATUS), CLIENT_GONE]);
  return new Elysia()
    .use(exchange)
    .onError({ as: 'global' }, ({ error, request }) => {
      troubles.set(request, { isGone: request.signal.aborted, cause: causeOf(error) });
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue }) => {
      const { id, watch, principal, runner, receipt, failure: named } = exchangeOf(request);
      const trouble = troubles.get(request);
      const method = METHODS.has(request.method) ? request.method : OTHER_METHOD;
      const pattern = route || null;
      const status = responseValue instanceof Response ? responseValue.status : statusOf(set.status);
      const failure = trouble?.isGone ? CLIENT_GONE : named;
      observe.request(method, pattern, status);
      if (receipt) observe.run(receipt, watch.finish().overheadMs);
      if (failure !== undefined) observe.failure(failure);
      log.requestDone(weightOf(status, pattern), {
        id,
        method,
        route: pattern,
        status,
        ms: Math.round((performance.now() - watch.arrivedAt) * 1000) / 1000,
        key: principal?.id,
        // A name that no runner has is the client's own text.
        runner: named === 'runnerNotFound' ? undefined : runner,
        failure,
        queueMs: receipt?.queueMs,
        execMs: receipt?.execMs ?? undefined,
        replayed: set.headers['idempotent-replayed'] === 'true' || undefined,
        cause: trouble?.isGone ? undefined : trouble?.cause,
      });
    });
};

/** Why a runner failed: its user is not told, and nobody else is. Other failures say all in their name. */
const causeOf = (error: unknown) =>
  error instanceof CodeLandError && error.name === 'runnerExecutionFailed' ? error.cause : undefined;

const statusOf = (status: number | keyof StatusMap | undefined) =>
  typeof status === 'string' ? StatusMap[status] : (status ?? 200);

function weightOf(status: number, route: string | null): RequestWeight {
  if (status === 500) return 'error';
  if (PROBES.has(route) && (status < 400 || status === 503)) return 'debug';
  return status === 503 ? 'warn' : 'info';
}
