import { afterAll, describe, expect, test } from 'bun:test';
import { TestApi } from '../../support/test-api.ts';

const api = new TestApi();
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.faults).toEqual([]);
});

/** The fields that a refused request is told about. */
async function refusedFields(body: string | Uint8Array<ArrayBuffer>, query = ''): Promise<string[]> {
  const answer = await api.run(body, query);
  expect(answer.status).toBe(422);
  const problem = { field: expect.any(String), expected: expect.any(String), received: expect.any(String) };
  expect(answer.body).toMatchObject({ name: 'invalidRequest', message: expect.any(String) });
  const details: unknown = Object(answer.body)['details'];
  if (!Array.isArray(details)) throw new Error('the answer has no details');
  for (const detail of details) expect(detail).toEqual(problem);
  return details.map(({ field }) => String(field));
}

const withCode = (more: object) => JSON.stringify({ code: 'x', ...more });
const long = 'x'.repeat(257);
const many = (entry: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: 257 }, (_, index) => [entry(index), '']));

describe('a body that is no JSON object is refused', () => {
  test.each([
    ['blanks', ' \n'],
    ['a word', 'code'],
    ['a form', 'code=x'],
    ['half an object', '{"code":"x"'],
    ['two objects', '{"code":"x"}{"code":"x"}'],
    ['a comment', '{"code":"x"} // more'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['UTF-16', new Uint8Array(Buffer.from('{"code":"x"}', 'utf16le'))],
    ['brackets nested deep', '['.repeat(60_000)],
    ['null', 'null'],
    ['a number', '5'],
    ['a string', '"code"'],
    ['a list', '[{"code":"x"}]'],
    ['a boolean', 'true'],
  ])('%s', async (_, body) => {
    expect(await refusedFields(body)).toEqual(['body']);
  });
});

describe('a field of the wrong form is refused by its name', () => {
  test.each([
    ['code', ''],
    ['code', '{}'],
    ['code', '{"code":1}'],
    ['code', '{"code":null}'],
    ['code', '{"code":["x"]}'],
    ['code', '{"code":{"toString":""}}'],
    ['code', '{"code":{"toString":1,"valueOf":2,"toJSON":3}}'],
    ['args.0', withCode({ args: [{ toString: '' }] })],
    ['stdin', '{"code":"x","stdin":{"__proto__":null}}'],
    ['language', withCode({ language: 1 })],
    ['language', withCode({ language: '' })],
    ['language', withCode({ language: 'cobol' })],
    ['language', withCode({ language: 'toString' })],
    ['language', withCode({ language: '__proto__' })],
    ['language', withCode({ language: long })],
    ['stdin', withCode({ stdin: 1 })],
    ['args', withCode({ args: 'x' })],
    ['args', withCode({ args: {} })],
    ['args', withCode({ args: Array.from({ length: 257 }, () => '') })],
    ['args.1', withCode({ args: ['x', 1] })],
    ['args.0', withCode({ args: ['a\0b'] })],
    ['args.0', withCode({ args: ['a\n\0'] })],
    ['env', withCode({ env: [] })],
    ['env', withCode({ env: many((index) => `A${index}`) })],
    ['env.A', withCode({ env: { A: 1 } })],
    ['env.A', withCode({ env: { A: 'a\0b' } })],
    ['env.1A', withCode({ env: { '1A': '' } })],
    ['env["A B"]', withCode({ env: { 'A B': '' } })],
    ['env["A=B"]', withCode({ env: { 'A=B': '' } })],
    ['env["A\\n"]', withCode({ env: { 'A\n': '' } })],
    ['env[""]', withCode({ env: { '': '' } })],
    ['files', withCode({ files: 'x' })],
    ['files', withCode({ files: many((index) => `f${index}`) })],
    ['files.a', withCode({ files: { a: 1 } })],
    ['more', withCode({ more: 1 })],
    ['constructor', withCode({ constructor: 1 })],
    ['__proto__', '{"code":"x","__proto__":{"stdin":"x"}}'],
  ])('body.%s of %s', async (field, body) => {
    expect(await refusedFields(body)).toContain(`body.${field}`);
  });

  test('code in a prototype is no code', async () => {
    expect(await refusedFields('{"__proto__":{"code":"x"}}')).toContain('body.code');
  });

  test('each of several is named', async () => {
    const fields = await refusedFields('{"code":1,"stdin":2,"more":3}');
    expect(fields.toSorted()).toEqual(['body.code', 'body.more', 'body.stdin']);
  });

  test('what is shown of them is bounded', async () => {
    const names = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`n${index}`, 'x'.repeat(50)]),
    );
    const answer = await api.run(withCode({ ...names, stdin: { long: 'x'.repeat(10_000) } }));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });
});

describe('a path that leads out of the working directory is refused', () => {
  test.each([
    '/a',
    '..',
    '.',
    '../a',
    './a',
    'a/..',
    'a/.',
    'a/../b',
    'a/./b',
    'a//b',
    'a/',
    '',
    'a\0b',
    'x'.repeat(256),
    'a\n/../b',
    'a\n/..',
    'a\n//b',
    '..\n/../b',
    '\u2028/../b',
  ])('%j', async (path) => {
    const fields = await refusedFields(withCode({ files: { [path]: '' } }));
    expect(fields).toEqual([
      /^\w+$/.test(path) ? `body.files.${path}` : `body.files[${JSON.stringify(path)}]`,
    ]);
  });
});

describe('a time that is no whole number of seconds within the limits is refused', () => {
  test.each([
    '0',
    '-1',
    '301',
    '1.5',
    '',
    'x',
    'NaN',
    'Infinity',
    '1e400',
    '1,2',
    '%00',
    '%zz',
    '%',
    'null',
    'true',
    '[5]',
    '{"a":1}',
    '\u0663',
    '1_0',
    '9007199254740993',
  ])('%j', async (time) => {
    expect(await refusedFields(withCode({}), `?time=${time}`)).toEqual(['query.time']);
  });

  test('without a value', async () => {
    expect(await refusedFields(withCode({}), '?time')).toEqual(['query.time']);
  });

  test('as is a parameter that there is not', async () => {
    expect(await refusedFields(withCode({}), '?timeout=5')).toEqual(['query.timeout']);
    expect(await refusedFields(withCode({}), '?__proto__=5')).toEqual(['query.__proto__']);
  });
});
