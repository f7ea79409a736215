/**
 * The same HTTP server as ours, with an interpreter that is started for each request in the place of a guest: the same
 * checks of key, query and body, the same form of answer and receipt, and no log.
 *   bun bench/comparators/http-server.ts native|bwrap
 * Takes its key from the environment, says its URL on a line, and ends when its standard input does.
 */
import { timingSafeEqual } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Elysia } from 'elysia';
import type { Access } from '../../src/access/access.ts';
import { bearerOf } from '../../src/access/bearer.ts';
import { digestOf } from '../../src/access/key.ts';
import { NO_LIMITS, type Principal } from '../../src/access/principal.ts';
import { readConfig } from '../../src/config.ts';
import { runOnceAnswers } from '../../src/http/answers.ts';
import { auth } from '../../src/http/auth.ts';
import { jsonBody } from '../../src/http/body.ts';
import { errors } from '../../src/http/errors.ts';
import { exchange, exchangeOf } from '../../src/http/exchange.ts';
import { strictQuery } from '../../src/http/query.ts';
import { tellReceipt } from '../../src/http/receipt.ts';
import { freshRunQuery, RunOnceBody } from '../../src/http/runner/request.ts';
import { RunResult } from '../../src/http/runner/result.ts';
import { bareEnvironment } from '../../src/lib/child-environment.ts';
import { NO_NETWORK } from '../../src/network/policy.ts';
import { CodeLandError } from '../../src/runner/errors.ts';
import { OutputCollector } from '../../src/runner/output.ts';
import { Stopwatch } from '../../src/runner/receipt.ts';
import { runResult } from '../../src/runner/result.ts';
import { bwrapCommand } from './bwrap.ts';
import { KEY_VARIABLE, type Sandbox } from './http.ts';
import { findInterpreter, type InterpreterName } from './interpreters.ts';

/** The one that starts first of those that know the language. */
const INTERPRETERS: Readonly<Record<string, InterpreterName>> = {
  javascript: 'node',
  typescript: 'bun',
  python: 'python3',
  bash: 'bash',
};

const { limits } = readConfig({});
const MICROS_PER_MS = 1000;

type Run = {
  readonly command: readonly string[];
  readonly seconds: number;
  readonly bytesIn: number;
  readonly signal: AbortSignal;
};

/** @throws {RunnerTimedOutError} When it takes too long. */
async function run({ command, seconds, bytesIn, signal }: Run) {
  const watch = new Stopwatch();
  watch.take(0);
  const output = new OutputCollector();
  const child = Bun.spawn([...command], {
    cwd: tmpdir(),
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: seconds * 1000,
    signal,
    killSignal: 'SIGKILL',
  });
  const collect = async (stream: 'stdout' | 'stderr') => {
    for await (const chunk of child[stream]) output.add(stream, chunk);
  };
  await Promise.all([collect('stdout'), collect('stderr'), child.exited]);
  signal.throwIfAborted();
  const { exitCode, signalCode } = child;
  const usage = child.resourceUsage();
  const ending = {
    type: 'exit' as const,
    id: 1,
    code: exitCode,
    signal: signalCode === null ? null : String(signalCode),
    timedOut: signalCode === 'SIGKILL',
    truncated: false,
    outOfMemory: false,
    wallMs: watch.elapsedMs,
    cpuMs: Number(usage?.cpuTime.total ?? 0) / MICROS_PER_MS,
    peakMemoryBytes: usage?.maxRSS ?? null,
  };
  const { outputBytes } = limits;
  return runResult(ending, output, { runner: 'process', watch, seconds, bytesIn, outputBytes });
}

/** As ours takes the operator's key. */
function accessBy(key: string): Access {
  const digest = digestOf(key);
  const principal: Principal = {
    id: 'environment',
    name: 'environment',
    limits: NO_LIMITS,
    network: NO_NETWORK,
  };
  return {
    authenticate: (authorization) => {
      if (timingSafeEqual(digestOf(bearerOf(authorization) ?? ''), digest)) return principal;
      throw new CodeLandError('unauthorized', 'the key is not known');
    },
    admit: () => null,
    requireCpu: () => {},
    charge: () => {},
    [Symbol.dispose]: () => {},
  };
}

/** What each language's code is appended to. */
async function commandsBehind(sandbox: Sandbox): Promise<ReadonlyMap<string, readonly string[]>> {
  const commands = new Map<string, readonly string[]>();
  for (const [language, name] of Object.entries(INTERPRETERS)) {
    const interpreter = await findInterpreter(name);
    const before = interpreter && sandbox === 'bwrap' ? await bwrapCommand(interpreter) : [];
    if (interpreter && before) commands.set(language, [...before, interpreter.path, interpreter.flag]);
  }
  return commands;
}

const createServer = (key: string, commands: ReadonlyMap<string, readonly string[]>) =>
  new Elysia({ normalize: false })
    .use(exchange)
    .use(errors((fault) => console.error(fault)))
    .use(auth(accessBy(key)))
    .post(
      '/api/v1/runner/run',
      async ({ body: { code, language = 'javascript' }, query, request, set, server }) => {
        server?.timeout(request, 0);
        const command = commands.get(language);
        if (!command) throw new CodeLandError('invalidRequest', `no interpreter for ${language}`);
        const bytesIn = exchangeOf(request).body?.bytes ?? 0;
        const seconds = query.time ?? limits.defaultSeconds;
        const result = await run({
          command: [...command, code],
          seconds,
          bytesIn,
          signal: request.signal,
        });
        tellReceipt(request, set.headers, result.receipt);
        return result;
      },
      {
        ...jsonBody(RunOnceBody, limits.bodyBytes),
        ...strictQuery(freshRunQuery(limits)),
        response: runOnceAnswers(RunResult),
      },
    );

if (import.meta.main) {
  const sandbox: Sandbox = process.argv[2] === 'bwrap' ? 'bwrap' : 'native';
  const key = process.env[KEY_VARIABLE] ?? '';
  const app = createServer(key, await commandsBehind(sandbox));
  app.listen({ hostname: '127.0.0.1', port: 0 });
  console.log(`http://127.0.0.1:${app.server?.port}`);
  // Whoever started it is gone, however.
  for await (const _ of Bun.stdin.stream());
  await app.stop(true);
  process.exit(0);
}
