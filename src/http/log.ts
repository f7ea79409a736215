/** One line in the log, and one count in the metrics, for each answered request. */
import { Elysia, StatusMap } from 'elysia';
import type { RunReceipt } from '../runner/receipt.ts';
import type { Log, RequestWeight } from '../telemetry/log.ts';
import { type Exchange, exchange, exchangeOf } from './exchange.ts';
import { FAILURE_STATUS } from './failure.ts';

/** Told of each answered request; `Metrics` is one. */
export type RequestObserver = {
  /** @param route The pattern of the route; null when the request failed before there was one. */
  request(method: string, route: string | null, status: number): void;
  /** A run that was executed for this request, not one whose stored answer was given again. */
  run(receipt: RunReceipt): void;
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

/** What machines ask every few seconds. */
const PROBES: ReadonlySet<string | null> = new Set(['/healthz', '/readyz', '/metrics']);

/** For the app itself, before its routes: only these are logged that come after it. */
export const requestLog = ({ log, observe }: RequestLogOptions) => {
  observe.knownFailures([...Object.keys(FAILURE_STATUS), CLIENT_GONE]);
  return new Elysia()
    .use(exchange)
    .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue }) => {
      const known = exchangeOf(request);
      const { receipt } = known;
      const method = METHODS.has(request.method) ? request.method : OTHER_METHOD;
      const status = responseValue instanceof Response ? responseValue.status : statusOf(set.status);
      const failure = known.failure && request.signal.aborted ? CLIENT_GONE : known.failure;
      const pattern = route || null;
      observe.request(method, pattern, status);
      if (receipt) observe.run(receipt);
      if (failure !== undefined) observe.failure(failure);
      log.requestDone(weightOf(status, pattern), {
        id: known.id,
        method,
        route: pattern,
        status,
        ms: Math.round((performance.now() - known.startedAt) * 1000) / 1000,
        key: known.principal?.id,
        runner: runnerOf(known),
        failure,
        queueMs: receipt?.queueMs,
        execMs: receipt?.execMs ?? undefined,
        replayed: set.headers['idempotent-replayed'] === 'true' || undefined,
      });
    });
};

/** A name that no runner has is the client's own text. */
const runnerOf = ({ runner, failure }: Exchange) =>
  failure === 'runnerNotFound' || failure === 'invalidRequest' ? undefined : runner;

const statusOf = (status: number | keyof StatusMap | undefined) =>
  typeof status === 'string' ? StatusMap[status] : (status ?? 200);

function weightOf(status: number, route: string | null): RequestWeight {
  if (status === 500) return 'error';
  if (status === 503) return 'warn';
  return PROBES.has(route) && status < 400 ? 'debug' : 'info';
}
