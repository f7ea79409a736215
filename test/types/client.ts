/**
 * What the client's types accept and refuse. Only compiled: where an error that is expected disappears, the
 * compiler says so.
 */
import { type Answer, createClient, type Data } from 'codeland/client';

const { api, codeland } = createClient('http://127.0.0.1:8420', { key: 'key' });
const runner = { runner: 'runner-1' };

const use = (value: unknown): void => void value;

/** Both bases have the same functions. */
export const bases: (typeof codeland.run.post)[] = [api.v1.runner.run.post, codeland.run.post];
export const onRunner: (typeof api.v1.runner.run extends (at: typeof runner) => infer R ? R : never)[] = [
  api.v1.runner.run(runner),
];

/** A body of the right form, and bodies that are not. */
export async function bodies(): Promise<void> {
  await codeland.run.post({
    code: '1',
    language: 'python',
    args: ['a'],
    env: { A: 'b' },
    files: { 'a.txt': 'b' },
  });
  await codeland.run.new.post({ idleSeconds: 60 });
  await codeland.run.new.post({});
  await codeland.run.post({ code: '1', network: 'none' });
  await api.v1.runner.new.post({ network: 'egress' });
  // @ts-expect-error There is no such network.
  await codeland.run.post({ code: '1', network: 'open' });
  // @ts-expect-error A runner that is there keeps its network.
  await codeland.run(runner).post({ code: '1', network: 'none' });
  // @ts-expect-error A run needs code.
  await codeland.run.post({});
  // @ts-expect-error Without a body there is none.
  await api.v1.runner.run.post();
  // @ts-expect-error Code is text.
  await codeland.run.post({ code: 1 });
  // @ts-expect-error There is no such field.
  await codeland.run.post({ code: '1', langauge: 'python' });
  // @ts-expect-error A file's content is text.
  await api.v1.runner.run(runner).post({ code: '1', files: { 'a.txt': 1 } });
  // @ts-expect-error As is the value of a variable.
  await api.v1.runner.new.post({ env: { A: true } });
  // @ts-expect-error A lifetime is a number of seconds.
  await api.v1.runner.new.post({ idleSeconds: '60' });
}

/** Queries, headers and parameters. */
export async function circumstances(): Promise<void> {
  const headers = { 'idempotency-key': 'once' };
  await codeland.run.post({ code: '1' }, { query: { time: 5, wait: 10 }, headers });
  await api.v1.runner.get({ query: { detail: true }, fetch: { signal: AbortSignal.timeout(1000) } });
  // @ts-expect-error Seconds are a number.
  await codeland.run.post({ code: '1' }, { query: { time: '5' } });
  // @ts-expect-error There is no such parameter.
  await codeland.run.post({ code: '1' }, { query: { timeout: 5 } });
  // @ts-expect-error A run on a runner that is there waits for none.
  await codeland.run(runner).post({ code: '1' }, { query: { wait: 5 } });
  // @ts-expect-error `detail` is a flag.
  await codeland.run.get({ query: { detail: 'yes' } });
  // @ts-expect-error A header is text.
  await codeland.run.post({ code: '1' }, { headers: { 'idempotency-key': 1 } });
  // @ts-expect-error A runner is named by `runner`.
  await codeland.run({ name: 'runner-1' }).get();
}

/** Routes that there are not. */
export function routes(): unknown[] {
  return [
    // @ts-expect-error No such route.
    api.v1.runners,
    // @ts-expect-error No such base.
    api.v2,
    // @ts-expect-error No such method.
    codeland.run(runner).put,
    // @ts-expect-error A throw-away runner is not deleted.
    codeland.run.delete,
  ];
}

/** An answer holds what was asked for only when there is no error. */
export async function narrowing(): Promise<number> {
  const { data, error } = await codeland.run.post({ code: '1' });
  // @ts-expect-error There may be no data.
  use(data.stdout.length);
  // @ts-expect-error There may be no error.
  use(error.status.toFixed());
  if (error !== null) {
    // @ts-expect-error A failure has no exit code.
    use(error.value.exitCode);
    // @ts-expect-error Only a run that timed out has output, and a receipt.
    use(error.value.receipt);
    // @ts-expect-error There is no data now.
    use(data.stdout);
    return error.value.message.length;
  }
  // @ts-expect-error There is no such figure.
  use(data.receipt.seconds);
  // @ts-expect-error A program may have ended otherwise.
  use(data.exitCode.toFixed());
  return data.stdout.length + data.receipt.totalMs;
}

type Failures<Route extends (...given: never[]) => Promise<{ error: unknown }>> = NonNullable<
  Awaited<ReturnType<Route>>['error']
>;
type OnRunner = ReturnType<typeof api.v1.runner.run>;
type Named = ReturnType<typeof codeland.run>;

/** Each status has its own name; all of them are handled, so that this returns. */
export function explain(failure: Failures<typeof codeland.run.post>): string {
  switch (failure.status) {
    case 400:
      return failure.value.name satisfies 'runnerExecutionFailed';
    case 401:
      return failure.value.name satisfies 'unauthorized';
    case 413:
      return failure.value.name satisfies 'payloadTooLarge';
    case 422:
      return failure.value.details?.map(({ field }) => field).join() ?? '';
    case 429:
      return failure.value.name satisfies 'tooManyRequests';
    case 498:
      return failure.value.stdout;
    case 500:
      return failure.value.name satisfies 'internal';
    case 503:
      return failure.value.name satisfies 'RunnerNotAvailable';
    // @ts-expect-error A run on a throw-away runner finds no runner missing.
    case 404:
      return '';
  }
}

/** Where a status is not handled, it is what is left. */
export function forgetful(failure: Failures<Named['get']>): string {
  const { status } = failure;
  if (status === 401 || status === 422 || status === 429 || status === 500) return failure.value.name;
  // @ts-expect-error 404 is not.
  return status satisfies never;
}

/** A body that is not of its status. */
export function confused(failure: Failures<OnRunner['post']>): string {
  // @ts-expect-error 404 is about the runner.
  if (failure.status === 404) return failure.value.name satisfies 'unauthorized';
  // @ts-expect-error A run on a runner that is there takes no fresh one.
  if (failure.status === 503) return '';
  return failure.value.message;
}

/** The names of a route's failures, by status. */
type Names<Route extends (...given: never[]) => Promise<{ error: unknown }>> =
  Failures<Route> extends infer F
    ? F extends { status: infer S; value: { name: infer N } }
      ? `${S & number} ${N & string}`
      : never
    : never;
type Same<A, B> = [A, B] extends [B, A] ? true : never;

type Reading = '401 unauthorized' | '422 invalidRequest' | '429 tooManyRequests' | '500 internal';
type OfRunner = Reading | '404 runnerNotFound';
type Running = Reading | '400 runnerExecutionFailed' | '413 payloadTooLarge' | '498 runnerTimedOut';

/** All failures of all routes, on both bases. */
export const failures: readonly true[] = [
  true satisfies Same<Names<typeof api.v1.runner.run.post>, Running | '503 RunnerNotAvailable'>,
  true satisfies Same<Names<typeof codeland.run.post>, Running | '503 RunnerNotAvailable'>,
  true satisfies Same<
    Names<typeof api.v1.runner.new.post>,
    Running | '403 forbidden' | '503 RunnerNotAvailable'
  >,
  true satisfies Same<
    Names<typeof codeland.run.new.post>,
    Running | '403 forbidden' | '503 RunnerNotAvailable'
  >,
  true satisfies Same<Names<OnRunner['post']>, Running | '404 runnerNotFound' | '409 runnerBusy'>,
  true satisfies Same<Names<Named['post']>, Running | '404 runnerNotFound' | '409 runnerBusy'>,
  true satisfies Same<Names<ReturnType<typeof api.v1.runner>['get']>, OfRunner>,
  true satisfies Same<Names<Named['get']>, OfRunner>,
  true satisfies Same<Names<ReturnType<typeof api.v1.runner>['delete']>, OfRunner>,
  true satisfies Same<Names<Named['delete']>, OfRunner>,
  true satisfies Same<Names<typeof api.v1.runner.get>, Reading>,
  true satisfies Same<Names<typeof codeland.run.get>, Reading>,
  true satisfies Same<Names<typeof api.v1.worker.get>, Reading>,
  true satisfies Same<Names<typeof codeland.worker.get>, Reading>,
];

/** Types by name. */
export type Info = Data<Named['get']>;
export const left = ({ idleSecondsLeft }: Info): number | null => idleSecondsLeft;
export type Two = Answer<{ 200: 'yes'; 404: 'no' }>;
export const two = ({ error }: Two): 'no' | undefined => error?.value;
