/**
 * The log: JSON lines, one for each event. There is a function for each kind of event and none for anything else,
 * so that what may hold code, output or a key cannot get in by accident.
 */
import { pino } from 'pino';
import type { LogLevel } from '../config.ts';
import { errorLines } from './error-lines.ts';
import { LineSink } from './line-sink.ts';

/** What the log says of an answered request. Times are in ms. */
export type RequestLine = {
  readonly id: string;
  readonly method: string;
  /** The pattern of the route, or null when the request failed before there was one. */
  readonly route: string | null;
  readonly status: number;
  readonly ms: number;
  /** Id of the key. */
  readonly key: string | undefined;
  readonly runner: string | undefined;
  /** Name of the failure that was answered. */
  readonly failure: string | undefined;
  readonly queueMs: number | undefined;
  readonly execMs: number | undefined;
  /** The answer was a stored one; nothing was executed. */
  readonly replayed: true | undefined;
  /** What made a runner fail, where the answer does not say it. */
  readonly cause: unknown;
};

/** What the service runs on. */
export type StartLine = {
  readonly url: string;
  readonly version: string;
  readonly accelerator: string;
  readonly template: string;
};

/** How much a request matters to an operator: what a probe asks every few seconds, or what is the server's fault. */
export type RequestWeight = 'debug' | 'info' | 'warn' | 'error';

/** A step on the way of another template into use. */
export type TemplateLine = {
  /**
   * `trial`: a share of the guests comes from it; `promoted`, `rolledBack`: what came of that; `replaced`: taken without a
   * trial; `turnedOver`: no guest of another one is ready any more.
   */
  readonly step: 'trial' | 'promoted' | 'rolledBack' | 'replaced' | 'turnedOver';
  readonly template: string;
  /** The one that was current before. */
  readonly before?: string;
  readonly why?: string;
};

export type Log = Disposable & {
  started(line: StartLine): void;
  /** Guests run, but with less around them than there could be. */
  unprotected(missing: readonly { readonly layer: string; readonly why: string }[]): void;
  /** @param why As `ended by SIGTERM`. */
  stopping(why: string): void;
  stopped(): void;
  /** A runner of an earlier server goes on. */
  adopted(runner: string): void;
  /** The server ends, and so many runners go on without it. */
  left(runners: number): void;
  requestDone(weight: RequestWeight, line: RequestLine): void;
  /** A fault of the server. @param request Id of the request that met it. */
  fault(error: unknown, request?: string): void;
  /** Something went wrong with the guests that no request may ever notice: a failed restore, a lost guest. */
  trouble(error: unknown): void;
  restored(ms: number): void;
  template(line: TemplateLine): void;
  /** A template is baked by the server itself. @param step Of it, a few words. */
  baking(step: string): void;
};

export type LogOptions = {
  readonly level: LogLevel;
  /** Standard output, or a file that lines are added to. */
  readonly destination: 'stdout' | { readonly path: string };
};

/** @throws {Error} When the file cannot be opened. */
export function createLog({ level, destination }: LogOptions): Log {
  const sink =
    destination === 'stdout' ? LineSink.stdout(droppedNote) : LineSink.file(destination.path, droppedNote);
  const lines = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  return {
    started: ({ url, version, accelerator, template }) =>
      lines.info({ url, version, accelerator, template }, 'started'),
    unprotected: (missing) =>
      lines.warn({ missing: missing.map(({ layer, why }) => ({ layer, why })) }, 'isolation'),
    stopping: (why) => lines.info({ why }, 'stopping'),
    stopped: () => lines.info('stopped'),
    adopted: (runner) => lines.info({ runner }, 'adopted'),
    left: (runners) => lines.info({ runners }, 'left'),
    requestDone: (weight, line) => lines[weight](requestFields(line), 'request'),
    fault: (error, request) => lines.error({ id: request, errors: errorLines(error) }, 'fault'),
    trouble: (error) => lines.warn({ errors: errorLines(error) }, 'trouble'),
    baking: (step) => lines.info({ step }, 'baking'),
    restored: (ms) => lines.debug({ ms: Math.round(ms) }, 'restored'),
    template: ({ step, template, before, why }) =>
      lines[step === 'rolledBack' ? 'warn' : 'info']({ step, template, before, why }, 'template'),
    [Symbol.dispose]: () => sink[Symbol.dispose](),
  };
}

/** Named one by one: an object may have more in it than its type says. */
const requestFields = ({ id, method, route, status, ms, key, runner, ...rest }: RequestLine) => {
  const { failure, queueMs, execMs, replayed, cause } = rest;
  const errors = cause === undefined ? undefined : errorLines(cause);
  return { id, method, route, status, ms, key, runner, failure, queueMs, execMs, replayed, errors };
};

const now = () => new Date().toISOString();

const droppedNote = (lines: number) =>
  `${JSON.stringify({ level: 'warn', time: now(), lines, msg: 'log lines were dropped' })}\n`;
