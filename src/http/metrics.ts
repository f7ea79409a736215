/** `GET /metrics` for Prometheus. */
import { Elysia } from 'elysia';
import { CodeLandError } from '../runner/errors.ts';

export type MetricsServices = {
  readonly metrics: {
    /** Of the text. */
    readonly contentType: string;
    text(): Promise<string>;
  };
  readonly access: 'loopback' | 'open';
};

/**
 * Open to processes of this machine, or to everybody; needs no key. Who asks is told by the connection alone: a
 * header such as `X-Forwarded-For` says what its sender likes.
 */
export const metricsRoute = ({ metrics, access }: MetricsServices) =>
  new Elysia().get(
    '/metrics',
    async ({ request, server, set }) => {
      const peer = server?.requestIP(request)?.address;
      if (access === 'loopback' && !isLoopback(peer)) {
        throw new CodeLandError(
          'forbidden',
          'the metrics are open to this machine only; CODELAND_METRICS=open opens them to all that reach the port',
        );
      }
      set.headers['content-type'] = metrics.contentType;
      return metrics.text();
    },
    { detail: { hide: true } },
  );

/** @param address As the socket has it; an IPv4 peer of an IPv6 socket is mapped (RFC 4291, 2.5.5.2). */
const isLoopback = (address: string | undefined) =>
  address !== undefined && (address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address));
