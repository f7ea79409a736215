/** The handlers of the routes that run code. */
import { defaultLanguage, findLanguage, languages } from '../../../vm-images/languages/mod.ts';
import type { Access } from '../../access/access.ts';
import type { LimitsConfig } from '../../config.ts';
import type { NetworkPolicy } from '../../network/policy.ts';
import type { Program } from '../../protocol/messages.ts';
import { CodeLandError } from '../../runner/errors.ts';
import type { RunResult } from '../../runner/result.ts';
import type { Runners } from '../../runner/runners.ts';
import type { RunTerms } from '../../runner/terms.ts';
import { exchangeOf, principalOf } from '../exchange.ts';
import type { Idempotency } from '../idempotency.ts';
import { invalidRequest, shorten } from '../problems.ts';
import { tellReceipt, tellReplayed, tellRun } from '../receipt.ts';
import { requirePlaceable } from './files.ts';
import { decideNetwork } from './network.ts';
import type { FreshRunQuery, NewBody, RunBody, RunnerParams, RunOnceBody, RunQuery } from './request.ts';
import { RunResult as ResultForm } from './result.ts';

export type RunServices = {
  readonly runners: Runners;
  readonly access: Access;
  readonly idempotency: Idempotency;
  readonly limits: LimitsConfig;
  /** Whether a runner may be given a way out, where its key's policy says so. */
  readonly offersEgress: boolean;
};

/** What such a handler needs of its request and its answer. */
type Call = {
  readonly request: Request;
  readonly set: { readonly headers: Record<string, string | number> };
  /** Absent where the app is served by something else than Bun. */
  readonly server: { timeout(request: Request, seconds: number): void } | null;
};

/** What a request says about how it is to be run. */
type Asked = {
  readonly time?: number | undefined;
  readonly wait?: number | undefined;
  readonly network?: NetworkPolicy['mode'] | undefined;
};

export const runHandlers = ({ runners, access, idempotency, limits, offersEgress }: RunServices) => {
  /** Executes a run for a request, or finds what came of it earlier, and tells of it in the answer's header. */
  async function answer(
    { request, set, server }: Call,
    { time = limits.defaultSeconds, wait = limits.defaultWaitSeconds, network: asked }: Asked,
    execute: (terms: RunTerms) => Promise<RunResult>,
  ): Promise<RunResult> {
    // A program may be silent for longer than the server lets a connection idle.
    server?.timeout(request, 0);
    const principal = principalOf(request);
    const network = decideNetwork(asked, principal.network, offersEgress);
    const exchange = exchangeOf(request);
    const { watch } = exchange;
    watch.lap('parse');
    const { bytes: bytesIn = 0, fingerprint = '' } = exchange.body ?? {};
    const call = {
      owner: principal.id,
      key: request.headers.get('idempotency-key') ?? undefined,
      fingerprint,
      signal: request.signal,
    };
    const { value, replayed } = await idempotency.once(call, ResultForm, (signal) => {
      if (call.key !== undefined) watch.lap('key');
      access.requireCpu(principal);
      const owner = { id: principal.id, maxRunners: principal.limits.concurrentRunners };
      const { outputBytes } = limits;
      const given = { seconds: time, waitSeconds: wait, outputBytes, network, bytesIn };
      return execute({ owner, ...given, watch, signal });
    });
    exchange.runner = value.runner;
    if (value.run !== undefined) tellRun(set.headers, value.run);
    if (replayed) tellReplayed(set.headers);
    else tellReceipt(request, set.headers, value.receipt);
    return value;
  }

  return {
    once: ({ body, query, request, set, server }: Call & { body: RunOnceBody; query: FreshRunQuery }) => {
      const program = toProgram(body.code, body);
      const asked = { ...query, network: body.network };
      return answer({ request, set, server }, asked, (terms) => runners.runOnce(program, terms));
    },

    create: ({ body, query, request, set, server }: Call & { body: NewBody; query: FreshRunQuery }) => {
      requirePersistent(request);
      const {
        idleSeconds = limits.idleSeconds,
        maxAgeSeconds = limits.maxAgeSeconds,
        network,
        ...given
      } = body;
      // Files, or whatever else comes without code, belong to a program of no code.
      const isEmpty = Object.keys(given).length === 0;
      const program = isEmpty ? undefined : toProgram(given.code ?? '', given);
      const lifetime = { idleSeconds, maxAgeSeconds };
      const asked = { ...query, network };
      return answer({ request, set, server }, asked, (terms) => runners.create(program, lifetime, terms));
    },

    onRunner: ({
      body,
      query,
      params,
      request,
      set,
      server,
    }: Call & { body: RunBody; query: RunQuery; params: RunnerParams }) => {
      const program = toProgram(body.code, body);
      // It keeps what it was made with.
      const asked = { ...query, network: 'none' } as const;
      return answer({ request, set, server }, asked, (terms) => runners.run(params.runner, program, terms));
    },
  };
};

/** @throws {CodeLandError} `forbidden`. */
function requirePersistent(request: Request): void {
  if (principalOf(request).limits.persistentRunners) return;
  throw new CodeLandError(
    'forbidden',
    'this key only runs code once; to make runners that stay, use a key that was made without --once-only (scripts/keys create)',
  );
}

/**
 * @throws {CodeLandError} `invalidRequest` for an unknown language, with the known ones, and for files that cannot
 * lie beside each other.
 */
function toProgram(
  code: string,
  { language, stdin = '', args = [], env = {}, files = {} }: NewBody,
): Program {
  const name = language ?? defaultLanguage.name;
  const found = findLanguage(name);
  requirePlaceable(files);
  if (found) return { language: found.name, code, stdin, args, env, files };
  const expected = `one of ${languages.map((known) => known.name).join(', ')}`;
  throw invalidRequest([{ field: 'body.language', expected, received: shorten(name) }]);
}
