/** What the walker finds in the two documents: all that they print, so that the conformance test misses nothing. */
import { describe, expect, it } from 'bun:test';
import { sha256 } from '../../src/lib/digest.ts';
import { missing } from './containment.ts';
import { type ApiDocument, parseDocument, readDocument } from './document.ts';

const FIRST = parseDocument(await readDocument('document-1.md'));
const SECOND = parseDocument(await readDocument('document-2.md'));

const outline = ({ endpoints }: ApiDocument) =>
  endpoints.map(({ method, path, request, response, parameters, failures }) =>
    [
      method,
      path,
      `${request?.language ?? 'no'} request`,
      `${response?.language ?? 'no'} response`,
      parameters.join(),
      failures.map(({ status }) => status).join(),
    ].join(' | '),
  );

describe('the walker finds', () => {
  it('all of document 1', () => {
    expect(outline(FIRST)).toEqual([
      'POST | /api/v1/runner/run | json request | json response | time | 503,498,400',
      'POST | /api/v1/runner/new | json request | json response |  | 503',
      'GET | /api/v1/runner/:runner | http request | json response |  | 503,404',
      'DELETE | /api/v1/runner/:runner | http request | json response |  | 503,404',
      'GET | /api/v1/runner | http request | json response | detail | ',
    ]);
    expect(FIRST.others).toEqual([]);
    expect(FIRST.endpoints[0]?.failures.map(({ name }) => name)).toEqual([
      'RunnerNotAvailable',
      'runnerTimedOut',
      'runnerExecutionFailed',
    ]);
  });

  it('all of document 2', () => {
    expect(outline(SECOND)).toEqual([
      'POST | /run | json request | json response | time | 503,498,400,404',
      'POST | /run/new | json request | json response |  | ',
      'POST | /run/:runner | json request | json response |  | 404',
      'GET | /run/:runner | no request | json response |  | 404',
      'DELETE | /run/:runner | no request | no response |  | 404',
    ]);
    expect(SECOND.others.map(({ language }) => language)).toEqual(['', 'bash']);
    expect(SECOND.failures.map(({ status }) => status)).toEqual([503, 498, 400, 404]);
  });

  it.each([
    ['document-1.md', 'cd982ba1ba9ab67d2cc559e9c437a6f71aa8b656754edc4330ded6dcfb2d1591'],
    ['document-2.md', '22fd5db1c8d2445882f10452821404fc546c9fc6e01319c0c764250823a090a3'],
  ])('%s as it was given, also where a formatter would change it', async (name, digest) => {
    const text = await readDocument(name);
    expect(sha256(text)).toBe(digest);
  });

  it.each(['document-1.md', 'document-2.md'])('every block of %s', async (name) => {
    const text = await readDocument(name);
    const { endpoints, others } = parseDocument(text);
    const found = endpoints.flatMap(({ request, response }) => [request, response]).filter(Boolean).length;
    expect(2 * (found + others.length)).toBe(text.split('```').length - 1);
  });
});

describe('containment', () => {
  const SAMPLE = { name: 'runner-1', total: '4.86 KiB', percent: 2.27, list: [{ inUse: true }], pid: '117' };
  const ANSWER = {
    name: 'runner-9',
    total: '12 B',
    percent: 3,
    list: [{}, { inUse: false }],
    pid: '5',
    more: 1,
  };

  it('allows other values and more fields', () => {
    expect(missing(SAMPLE, ANSWER)).toEqual([]);
  });

  it.each([
    ['.name', { name: 'x' }],
    ['.total', { total: '12' }],
    ['.total', { total: null }],
    ['.percent', { percent: '3' }],
    ['.list', { list: {} }],
    ['.list[0]', { list: [] }],
    ['.list[0].inUse', { list: [{ inUse: 'true' }] }],
    ['.pid', { pid: 5 }],
  ])('misses %s', (path, change) => {
    const problems = missing(SAMPLE, { ...ANSWER, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toStartWith(`${path} `);
  });

  it('misses a field that is not there', () => {
    const { percent: _, ...rest } = ANSWER;
    expect(missing(SAMPLE, rest)).toEqual(['.percent is not there']);
  });
});
