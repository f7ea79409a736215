/** The description of the API: true to the routes, in valid OpenAPI 3.1, on a page that needs nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'bun:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type Operation, operationsOf, readDocument, schemasOf } from '../../support/openapi.ts';
import { TestApi } from '../../support/test-api.ts';

let api: TestApi;
let text: string;
let operations: readonly Operation[];
beforeAll(async () => {
  api = new TestApi();
  text = await (await fetch(api.url('/openapi/json'))).text();
  operations = operationsOf(readDocument(text));
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(text));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('would not be with a mistake in it', async () => {
    const { valid } = await new Validator().validate(JSON.parse(text.replace('"in":"path"', '"in":"pfad"')));
    expect(valid).toBe(false);
  });

  it('describes every route but those of the server itself', () => {
    const routes = api.app.routes
      .map(({ method, path }) => `${method} ${path.replace(/(?<=.)\/$/, '').replaceAll(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !/ \/(?:openapi|metrics)/.test(route));
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
  });

  it('tells of each operation what it is for, and every failure of a run', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/^[A-Z]/);
      expect(operation.tags).toHaveLength(1);
    }
    const run = operations.find(({ path }) => path === '/codeland/run/{runner}');
    expect(Object.keys(run?.operation.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '404',
      '409',
      '413',
      '422',
      '429',
      '498',
      '500',
    ]);
  });

  it('has the words of JSON Schema 2020-12 only', () => {
    for (const word of ['"nullable"', '"format":"numeric"', '"format":"integer"', '"~standard"']) {
      expect(text).not.toContain(word);
    }
    expect(text).toContain('"type":["integer","null"]');
  });

  it('gives examples of answers that are what their schemas say', () => {
    const schemas = schemasOf(readDocument(text));
    let examples = 0;
    for (const operation of operations) {
      for (const [status, { content }] of Object.entries(operation.operation.responses)) {
        for (const { value } of Object.values(content['application/json'].examples ?? {})) {
          const at = [operation.path, status];
          expect([at, schemas.problems(operation, Number(status), value)]).toEqual([at, undefined]);
          examples += 1;
        }
      }
    }
    expect(examples).toBeGreaterThan(operations.length);
  });

  it('refers only to what is in it', () => {
    const document = readDocument(text);
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      expect(document.components[kind]?.[name]).toBeObject();
    }
  });

  it('asks for a key where one is needed, and only there', () => {
    for (const { path, operation } of operations) {
      expect([path, operation.security]).toEqual([path, path.endsWith('z') ? [] : undefined]);
    }
  });
});

describe('the page', () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(api.url(path), { headers });
  const links = async () => {
    const html = await (await get('/openapi')).text();
    return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
  };

  it('loads what this server has, without a key, and keeps it for long', async () => {
    const files = (await links()).filter((link) => link.includes('?v='));
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      const { status, headers } = await get(`/${file}`);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('names no other server', async () => {
    for (const link of await links()) expect(link).toStartWith('openapi/');
    const page = await get('/openapi');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toStartWith("default-src 'none'; script-src 'self';");
    expect(page.headers.get('content-security-policy')).not.toMatch(/https?:|unsafe|\*/);
  });

  it('is not sent again when it is the same', async () => {
    const etag = (await get('/openapi/json')).headers.get('etag') ?? '';
    expect((await get('/openapi/json', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/openapi/json', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is sent as it is to who does not unpack', async () => {
    const { headers } = await get('/openapi/page.js', { 'accept-encoding': 'identity' });
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['nope', 'page.html', 'index.html', 'constructor', 'package.json', 'json.js'])(
    'has no file %p',
    async (name) => {
      const answer = await get(`/openapi/${name}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ name: 'notFound' });
    },
  );
});
