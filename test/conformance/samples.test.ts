/** Every request that the two documents print, sent as printed, with the answer held against the printed one. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Answer, isRecord } from '../support/http-client.ts';
import { TestService } from '../support/service.ts';
import { TEST_KEY } from '../support/test-home.ts';
import { missing } from './containment.ts';
import { type ApiDocument, type Block, type Endpoint, parseDocument, readDocument } from './document.ts';

const FIRST = parseDocument(await readDocument('document-1.md'));
const SECOND = parseDocument(await readDocument('document-2.md'));

let service: TestService;
/** The first runner of the service; the documents' `runner-1`. */
let busy: string;
beforeAll(async () => {
  // One restore at a time: runners come in the order of their numbers.
  service = await TestService.start({ CODELAND_POOL_SIZE: '3', CODELAND_REFILL_WORKERS: '1' });
  await service.ready(3);
  busy = await service.create();
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

const printed = (block: Block | undefined): unknown => JSON.parse(block?.text ?? '{}');

/** Finds the one route of a document that is printed so. */
function endpoint({ endpoints }: ApiDocument, method: string, path: string): Endpoint {
  const found = endpoints.find((each) => each.method === method && each.path === path);
  if (!found) throw new Error(`the document has no ${method} ${path}`);
  return found;
}

/** Sends the printed request; a route without one is its own. */
function send({ method, path, request }: Endpoint, base = '', runner = ''): Promise<Answer> {
  if (request?.language === 'http') {
    const [verb = '', target = ''] = request.text.split(' ');
    return service.request(target, { method: verb });
  }
  return service.request(`${base}${path.replace(':runner', runner)}`, {
    method,
    ...(request ? { body: request.text, headers: { 'content-type': 'application/json' } } : {}),
  });
}

describe('document 1', () => {
  it('runs code once on a throw-away runner', async () => {
    const run = endpoint(FIRST, 'POST', '/api/v1/runner/run');
    const { status, body } = await send(run);
    expect(status).toBe(200);
    expect(body).toMatchObject({ res: 'SGVsbG8sIENvZGVMYW5kIQ==' });
    expect(missing(printed(run.response), body)).toEqual([]);
  });

  it('creates runner-3', async () => {
    await service.ready();
    const { status, body } = await send(endpoint(FIRST, 'POST', '/api/v1/runner/new'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ res: 'SW5pdGlhbGl6aW5nIG5ldyBydW5uZXI=', runner: 'runner-3' });
  });

  it('tells about runner-1, which runs code', async () => {
    expect(busy).toBe('runner-1');
    const leave = new AbortController();
    const run = service.runOn(busy, { code: 'await new Promise(() => {})' }, '', { signal: leave.signal });
    run.catch(() => {});
    const info = endpoint(FIRST, 'GET', '/api/v1/runner/:runner');
    await service.running(busy);
    const { status, body } = await send(info);
    leave.abort();
    expect(status).toBe(200);
    expect(missing(printed(info.response), body)).toEqual([]);
  });

  it('deletes runner-3', async () => {
    const { status, body } = await send(endpoint(FIRST, 'DELETE', '/api/v1/runner/:runner'));
    expect(status).toBe(200);
    expect(body).toEqual({ res: 'success' });
  });

  it('lists all runners', async () => {
    await service.ready();
    const list = endpoint(FIRST, 'GET', '/api/v1/runner');
    const { status, body } = await send(list);
    expect(status).toBe(200);
    expect(missing(printed(list.response), body)).toEqual([]);
  });

  it('lists all runners with details', async () => {
    await service.ready();
    const list = endpoint(FIRST, 'GET', '/api/v1/runner');
    const { status, body } = await service.request(`${list.path}?detail=true`);
    expect(status).toBe(200);
    expect(missing(printed(list.response), body)).toEqual([]);
  });

  it('takes the time limit of a run', async () => {
    await service.ready();
    const { path, request } = endpoint(FIRST, 'POST', '/api/v1/runner/run');
    const answer = await service.request(`${path}?time=20`, { body: request?.text ?? '' });
    expect(answer.status).toBe(200);
  });
});

describe('document 2', () => {
  const [url, curl] = SECOND.others.map(({ text }) => text.trim());
  const base = new URL(url ?? '').pathname;
  let runner: string;

  it('runs code', async () => {
    await service.ready();
    const run = endpoint(SECOND, 'POST', '/run');
    for (const query of ['', '?time=20']) {
      await service.ready();
      const { status, body } = await send({ ...run, path: `/run${query}` }, base);
      expect(status).toBe(200);
      expect(missing(printed(run.response), body)).toEqual([]);
      // No program, but its failure is an answer like any other.
      expect(body).toMatchObject({ exitCode: 1, stdout: '' });
    }
  });

  it('creates a runner', async () => {
    await service.ready();
    const create = endpoint(SECOND, 'POST', '/run/new');
    const { status, body } = await send(create, base);
    expect(status).toBe(200);
    expect(missing(printed(create.response), body)).toEqual([]);
    runner = String(body['runner']);
  });

  it('runs code on it', async () => {
    const run = endpoint(SECOND, 'POST', '/run/:runner');
    const { status, body } = await send(run, base, runner);
    expect(status).toBe(200);
    expect(missing(printed(run.response), body)).toEqual([]);
    expect(body['runner']).toBe(runner);
  });

  it('tells about it', async () => {
    const info = endpoint(SECOND, 'GET', '/run/:runner');
    const { status, body } = await send(info, base, runner);
    expect(status).toBe(200);
    expect(missing(printed(info.response), body)).toEqual([]);
    expect(body).toMatchObject({ runner, name: runner });
  });

  it('deletes it', async () => {
    const remove = endpoint(SECOND, 'DELETE', '/run/:runner');
    expect((await send(remove, base, runner)).status).toBe(200);
    expect((await send(remove, base, runner)).status).toBe(404);
  });

  it('is used with curl as it shows', async () => {
    await service.ready();
    expect(curl).toContain(' -d ');
    expect(curl).not.toContain('Content-Type');
    const line = (curl?.split('\n').at(-1) ?? '')
      .replace('https://your-api-base-url.com', service.url)
      .replace('YOUR_TOKEN', TEST_KEY);
    // What is printed stays as it is; a settings file of curl's makes it print the status too.
    await writeFile(`${service.home.path}/.curlrc`, 'silent\nwrite-out = "\\n%{http_code}"\n');
    const { stdout } = await promisify(execFile)('bash', ['-c', line], {
      env: { ...process.env, CURL_HOME: service.home.path },
    });
    const [body = '', status] = stdout.split(/\n(?=\d+$)/);
    expect(status).toBe('200');
    const answer: unknown = JSON.parse(body);
    expect(missing(printed(endpoint(SECOND, 'POST', '/run/new').response), answer)).toEqual([]);
    if (isRecord(answer)) expect(Object.keys(answer)).toContain('stderr');
  });
});
