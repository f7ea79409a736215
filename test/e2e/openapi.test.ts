/** Each request that the API's description gives as an example, sent to real guests; each answer against its schema. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import {
  type Document,
  type Operation,
  operationsOf,
  readDocument,
  type Schemas,
  schemasOf,
} from '../support/openapi.ts';
import { TestService } from '../support/service.ts';
import { TEST_KEY } from '../support/test-home.ts';

let service: TestService;
let document: Document;
let schemas: Schemas;
beforeAll(async () => {
  service = await TestService.start({ CODELAND_POOL_SIZE: '2', CODELAND_WAIT_SECONDS: '60' });
  document = readDocument(await (await fetch(`${service.server.url}/openapi/json`)).text());
  schemas = schemasOf(document);
}, 600_000);
afterAll(() => service[Symbol.asyncDispose]());

type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** @param runner What stands for a runner's name. */
async function send({ method, path }: Operation, runner: string, body?: unknown): Promise<Answer> {
  const response = await fetch(
    service.server.url + path.replace('{runner}', runner).replace('{run}', 'run-1'),
    {
      method,
      headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** What an answer breaks of the description of its status. */
const problems = (operation: Operation, { status, body }: Answer): unknown =>
  schemas.problems(operation, status, body);

const examplesOf = ({ operation }: Operation): unknown[] =>
  Object.values(operation.requestBody?.content['application/json'].examples ?? {}).map(({ value }) => value);

/** The operations on a runner that is there, its end last. */
const isOnRunner = ({ path }: Operation) => path.includes('{runner}');
const order = ({ method }: Operation) => ['POST', 'GET', 'DELETE'].indexOf(method);

async function makeRunner(): Promise<string> {
  await service.ready();
  const { body } = await service.request('/api/v1/runner/new', { method: 'POST', body: '{}' });
  return String(body['runner']);
}

describe('each example', () => {
  it('without a runner is answered as described', async () => {
    let sent = 0;
    for (const operation of operationsOf(document).filter((operation) => !isOnRunner(operation))) {
      const bodies = operation.method === 'POST' ? examplesOf(operation) : [undefined];
      expect([operation.path, bodies.length > 0]).toEqual([operation.path, true]);
      for (const body of bodies) {
        await service.ready();
        const answer = await send(operation, '', body);
        expect([operation.path, answer.status, problems(operation, answer)]).toEqual([
          operation.path,
          200,
          undefined,
        ]);
        expect(answer.headers.get('x-request-id')).toBeString();
        sent += 1;
        await forget(answer);
      }
    }
    expect(sent).toBeGreaterThanOrEqual(14);
  }, 600_000);

  it.each(['/api/v1', '/codeland'])(
    'on a runner is answered as described, below %s',
    async (base) => {
      const runner = await makeRunner();
      const operations = operationsOf(document)
        .filter(({ path }) => path.startsWith(base))
        .filter(isOnRunner);
      expect(operations).toHaveLength(5);
      for (const operation of operations.toSorted((a, b) => order(a) - order(b))) {
        const bodies = operation.method === 'POST' ? examplesOf(operation) : [undefined];
        for (const body of bodies) {
          const answer = await send(operation, runner, body);
          expect([operation.path, answer.status, problems(operation, answer)]).toEqual([
            operation.path,
            200,
            undefined,
          ]);
        }
      }
    },
    300_000,
  );
});

describe('each failure that is easily had', () => {
  const refused = async (operation: Operation, status: number, answer: Answer) => {
    expect([operation.path, answer.status, problems(operation, answer)]).toEqual([
      operation.path,
      status,
      undefined,
    ]);
  };

  it('is answered as described', async () => {
    for (const operation of operationsOf(document)) {
      if (operation.operation.security !== undefined) continue;
      const response = await fetch(service.server.url + operation.path, { method: operation.method });
      await refused(operation, 401, {
        status: response.status,
        headers: response.headers,
        body: await response.json(),
      });
      if (isOnRunner(operation)) {
        const [body] = examplesOf(operation);
        await refused(operation, 404, await send(operation, 'runner-0', body));
      }
      if (operation.method === 'POST')
        await refused(operation, 422, await send(operation, 'runner-0', { code: 1 }));
    }
  });

  it('as is a run that takes too long', async () => {
    const [run] = operationsOf(document).filter(({ path }) => path === '/codeland/run');
    if (!run) throw new Error('there is no such operation');
    await service.ready();
    const slow = { ...run, path: `${run.path}?time=1` };
    const answer = await send(slow, '', { code: 'while (true);' });
    await refused(run, 498, answer);
  });
});

/** Ends a runner that an example has made. */
async function forget({ body }: Answer): Promise<void> {
  const name = typeof body === 'object' && body !== null && 'runner' in body ? body.runner : undefined;
  if (typeof name === 'string') {
    await fetch(`${service.server.url}/codeland/run/${name}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${TEST_KEY}` },
    });
  }
}
