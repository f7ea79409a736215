/** Requests that nobody sends in good faith, over real HTTP with real guests: each is answered, none is a fault. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import fc from 'fast-check';
import { listFolder } from '../../src/lib/files.ts';
import { BASES } from '../support/bases.ts';
import { isRecord } from '../support/http-client.ts';
import { rawRequest, statusOf } from '../support/raw-http.ts';
import { TestService } from '../support/service.ts';
import { TEST_KEY } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const POOL = 2;

let service: TestService;
let runner: string;
beforeAll(async () => {
  service = await TestService.start({
    CODELAND_POOL_SIZE: String(POOL),
    CODELAND_BODY_LIMIT_BYTES: '65536',
    CODELAND_MAX_SECONDS: '30',
    CODELAND_MAX_WAIT_SECONDS: '2',
  });
  runner = await service.create();
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

/** The same requests in every run of the tests; few enough for each change. */
const settings = (numRuns: number) => ({ seed: 20_260_822, numRuns, endOnFailure: true });

/** An answer that takes longer is a hang: no program here may run for more than 30 s. */
const HANG_MS = 60_000;

const NAMES = new Map([
  [400, ['runnerExecutionFailed']],
  [401, ['unauthorized']],
  [404, ['runnerNotFound', 'notFound']],
  [409, ['runnerBusy']],
  [413, ['payloadTooLarge']],
  [422, ['invalidRequest']],
  [498, ['runnerTimedOut']],
  [503, ['RunnerNotAvailable']],
]);
const FIELDS = ['name', 'message', 'runner', 'run', 'duration', 'details'];
const OUTPUT = ['res', 'stdout', 'stderr', 'truncated', 'receipt'];

type Request = {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
};

/** Sends it and checks that the answer is one of the API's own. Gives its status. */
async function send(request: Request, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const { method, path, body } = request;
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TEST_KEY}`, ...headers },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(HANG_MS),
  });
  const text = await response.text();
  if (method !== 'HEAD') expectKnown(response.status, text, request);
  return response.status;
}

function expectKnown(status: number, text: string, request: unknown): void {
  if (status === 200) return;
  const names = NAMES.get(status) ?? [];
  const body: unknown = JSON.parse(text);
  if (!isRecord(body)) throw new Error(`no object: ${text}`);
  const odd = Object.keys(body).filter((key) => ![...FIELDS, ...OUTPUT].includes(key));
  const isKnown =
    names.includes(String(body['name'])) && typeof body['message'] === 'string' && odd.length === 0;
  if (!isKnown)
    throw new Error(`${status} ${text.slice(0, 500)} to ${JSON.stringify(request).slice(0, 500)}`);
}

const word = fc.string({
  unit: fc.constantFrom('a', 'A', '/', '.', '..', '\n', '\0', '=', '_', '1', '%', '🐎', '\ud800', 'é'),
  maxLength: 8,
});
const text = fc.oneof(word, fc.string({ unit: 'binary', maxLength: 40 }));
/** Bodies that come close to what is asked for. The code ends by itself. */
const almost = fc.record(
  {
    code: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1', 'null', '') }, fc.jsonValue()),
    language: fc.oneof(
      fc.constantFrom('javascript', 'py', 'sh', 'x', '__proto__', 'toString'),
      fc.jsonValue(),
    ),
    stdin: fc.oneof(text, fc.jsonValue()),
    args: fc.oneof(fc.array(text, { maxLength: 4 }), fc.jsonValue()),
    env: fc.oneof(fc.dictionary(word, word, { maxKeys: 4 }), fc.jsonValue()),
    files: fc.oneof(fc.dictionary(word, text, { maxKeys: 4 }), fc.jsonValue()),
    idleSeconds: fc.oneof(fc.integer(), fc.jsonValue()),
    maxAgeSeconds: fc.oneof(fc.integer(), fc.jsonValue()),
    [`__proto__`]: fc.jsonValue(),
    constructor: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const json = fc.oneof(fc.jsonValue(), almost).map((value) => JSON.stringify(value));

/** Bodies of the right form, with what could trip whoever uses them. */
const hostile = fc.record(
  {
    code: fc.constantFrom('true', 'cat > /dev/null', 'ls -R > /dev/null', 'env | wc -c'),
    language: fc.constant('bash'),
    stdin: fc.oneof(text, fc.constant('x'.repeat(30_000))),
    args: fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 20 }).map((each) => each.replaceAll('\0', '')),
        fc.constantFrom('-c', '--', '-', '$(id)', '\ud800', 'x'.repeat(20_000)),
      ),
      { maxLength: 5 },
    ),
    env: fc.dictionary(
      fc.constantFrom('PATH', 'HOME', 'BASH_ENV', 'LD_PRELOAD', 'LC_ALL', 'IFS', 'A', 'PYTHONPATH', '_'),
      fc.constantFrom('', '/', 'x', '/dev/null', 'x'.repeat(10_000), '\n', 'ü\ud800'),
    ),
    files: fc.dictionary(
      fc.constantFrom(
        'a',
        'a/b',
        'a/b/c',
        'main.sh',
        'main.sh/x',
        '.bashrc',
        `${'d/'.repeat(100)}e`,
        'é'.repeat(200),
        'x'.repeat(255),
        '-rf',
        '\n',
        '\ud800',
        'proc',
        '%2e%2e',
      ),
      text,
    ),
  },
  { requiredKeys: ['code', 'language'] },
);

const base = fc.constantFrom(...BASES);
const encoded = (arbitrary: fc.Arbitrary<string>) =>
  arbitrary.map((name) => encodeURIComponent(name.toWellFormed()).replaceAll('.', '%2e'));
/** What could stand for a runner's name in a path. */
const name = fc.oneof(
  encoded(text),
  fc.stringMatching(/^[%0-9a-fA-F.:;@&=+$,~_-]{1,12}$/),
  fc.constantFrom(
    'runner-0',
    'runner--1',
    'runner-1e3',
    'RUNNER-1',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'new',
    'run',
    '__proto__',
  ),
);
const query = fc.oneof(
  fc.constantFrom(
    '',
    '?',
    '?time=1',
    '?wait=1',
    '?detail',
    '?time=1&time=2',
    '?wait=-0',
    '?time=%31',
    '?__proto__=1',
  ),
  fc
    .tuple(fc.constantFrom('time', 'wait', 'detail', 'x'), encoded(text))
    .map(([key, value]) => `?${key}=${value}`),
  fc.stringMatching(/^\?[%0-9a-fx.&=;[\]{}+_ -]{0,12}$/),
);

describe('whatever is sent', () => {
  it('as a body to a persistent runner, it goes on', async () => {
    await fc.assert(
      fc.asyncProperty(base, json, async ({ runOn }, body) => {
        await send({ method: 'POST', path: `${runOn(runner)}?time=30`, body });
      }),
      settings(80),
    );
    expect((await service.runOn(runner, { code: 'console.log(1)' })).body['stdout']).toBe('1\n');
  }, 300_000);

  it('as files, arguments or environment of a program, it ends', async () => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(base, hostile, async ({ runOn }, body) => {
        const request = { method: 'POST', path: `${runOn(runner)}?time=30`, body: JSON.stringify(body) };
        statuses.add(await send(request));
      }),
      settings(40),
    );
    expect(statuses).toContain(200);
    expect(statuses).not.toContain(498);
    expect((await service.runOn(runner, { code: 'echo 1', language: 'bash' })).body['stdout']).toBe('1\n');
  }, 300_000);

  it('as a body to the other routes, it is answered', async () => {
    const paths = base.chain(({ run, create, runOn }) => fc.constantFrom(run, create, runOn('runner-0')));
    const body = fc.oneof(
      { weight: 3, arbitrary: json.filter((each) => !/"code":"(1|null)?"/.test(each)) },
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
      fc.integer({ min: 1, max: 3 }).map((times) => 'x'.repeat(times * 40_000)),
    );
    await fc.assert(
      fc.asyncProperty(paths, query, body, async (path, search, bytes) => {
        const status = await send({ method: 'POST', path: `${path}${search}`, body: bytes });
        if (status === 200) await forgetRunners();
      }),
      settings(120),
    );
  }, 300_000);

  it('as a path or query, it is answered', async () => {
    const method = fc.constantFrom('GET', 'DELETE', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'HEAD');
    const path = fc.oneof(
      fc.tuple(base, name).map(([routes, each]) => routes.runner(each)),
      fc.tuple(base, name).map(([routes, each]) => routes.runOn(each)),
      fc.tuple(base, name).map(([routes, each]) => `${routes.list}/${each}/${each}`),
      base.map(({ list }) => list),
    );
    await fc.assert(
      fc.asyncProperty(method, path, query, async (verb, target, search) => {
        await send({ method: verb, path: `${target}${search}` });
      }),
      settings(200),
    );
  }, 300_000);

  it('as a header, it is answered', async () => {
    const value = fc.string({
      unit: fc.constantFrom('a', ' ', ',', ';', '=', '"', '~', '\t', '\x7f', 'é'),
      maxLength: 300,
    });
    const header = fc.constantFrom(
      'authorization',
      'idempotency-key',
      'x-request-id',
      'content-type',
      'accept',
      'content-encoding',
      'range',
      'cookie',
      'x-forwarded-for',
    );
    await fc.assert(
      fc.asyncProperty(base, header, value, async (routes, key, content) => {
        await send({ method: 'POST', path: routes.runOn(runner), body: '{"code": 1}' }, { [key]: content });
        await send({ method: 'GET', path: routes.list }, { [key]: content });
      }),
      settings(60),
    );
  }, 300_000);
});

describe('a header', () => {
  it.each([20_000, 200_000])('of %i bytes is answered with 422', async (length) => {
    for (const { list } of BASES) {
      expect(await send({ method: 'GET', path: list }, { 'x-more': 'x'.repeat(length) })).toBe(422);
    }
  });
});

describe('bytes that are no HTTP', () => {
  it.each([
    'GET',
    'GET /api/v1/runner HTTP/9.9\r\n\r\n',
    'POST /api/v1/runner/run HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'POST /api/v1/runner/run HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET /api/v1/runner/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/v1/runner/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /codeland/run/\0 HTTP/1.1\r\nHost: x\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
  ])('never get through: %j', async (bytes) => {
    const port = Number(new URL(service.url).port);
    const answer = await Promise.race([rawRequest(port, bytes), Bun.sleep(2_000).then(() => '')]);
    // Nothing, a refusal by the server itself, or the API's own: without a key it is never an answer.
    if (answer !== '') expect([400, 401, 404, 405, 411, 413, 422, 505]).toContain(statusOf(answer));
  });
});

describe('afterwards', () => {
  it('all is as before', async () => {
    await forgetRunners();
    await service.ready(POOL);
    // The successor of a guest may be ready before that one is gone.
    await until('the used guests to be gone', () => {
      const { leased, retiring } = service.pool.counts;
      return leased === 1 && retiring === 0;
    });
    expect(service.pool.counts.failed).toBe(0);
    const names = (await service.list()).map(({ name: each }) => String(each));
    expect(names).toHaveLength(POOL + 1);
    // The one that they are forked from has a folder too.
    const folders = await listFolder(`${service.home.path}/guests`);
    expect(folders.filter((name) => !name.startsWith('parent-'))).toEqual(names.toSorted());
    expect(folders.length).toBeLessThanOrEqual(names.length + 1);
    for (const { run, runOn } of BASES) {
      await service.ready();
      for (const path of [run, runOn(runner)]) {
        const { status, body } = await service.request(path, { body: { code: 'console.log(6 * 7)' } });
        expect({ status, stdout: body['stdout'] }).toEqual({ status: 200, stdout: '42\n' });
      }
    }
  });
});

/** Deletes the runners that were made by accident. */
async function forgetRunners(): Promise<void> {
  for (const { name: each, kind } of await service.list()) {
    if (kind === 'persistent' && each !== runner) await service.remove(String(each));
  }
}
