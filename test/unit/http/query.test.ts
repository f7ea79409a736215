import { describe, expect, it } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { strictQuery } from '../../../src/http/query.ts';
import { thrown } from '../../support/failure.ts';

const { transform: read } = strictQuery(
  Type.Object({
    time: Type.Optional(Type.Integer({ minimum: 1, maximum: 300 })),
    wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
    detail: Type.Optional(Type.Boolean()),
  }),
);

function queryOf(text: string): unknown {
  const context = { request: new Request(`http://localhost/run${text}`), query: undefined };
  read(context);
  return context.query;
}

it.each([
  ['', {}],
  ['?', {}],
  ['?time=5', { time: 5 }],
  ['?time=1&wait=0', { time: 1, wait: 0 }],
  ['?time=007', { time: 7 }],
  ['?wait=60&time=300', { time: 300, wait: 60 }],
  ['?detail', { detail: true }],
  ['?detail=', { detail: true }],
  ['?detail=true', { detail: true }],
  ['?detail=1', { detail: true }],
  ['?detail=false', { detail: false }],
  ['?detail=0', { detail: false }],
  ['?&&detail&', { detail: true }],
])('%j comes to %j', (text, query) => {
  expect(queryOf(text)).toEqual(query);
});

describe('what is not meant as it stands is refused by its name', () => {
  it.each([
    ['time', 'time=0'],
    ['time', 'time=301'],
    ['time', 'time=0x10'],
    ['time', 'time=1e1'],
    ['time', 'time=+5'],
    ['time', 'time=%205'],
    ['time', 'time=5.0'],
    ['time', 'time='],
    ['time', 'time'],
    ['time', 'time=-1'],
    ['time', 'time=1&time=1'],
    ['time', `time=${'0'.repeat(10)}5`],
    ['wait', 'wait=61'],
    ['wait', 'wait=-0'],
    ['wait', 'time=5&wait=x'],
    ['detail', 'detail=yes'],
    ['detail', 'detail=TRUE'],
    ['detail', 'detail=01'],
    ['detail', 'detail&detail'],
    ['detail', 'detail=true&detail=false'],
    ['details', 'details'],
    ['Time', 'Time=5'],
    ['constructor', 'constructor=5'],
    ['__proto__', '__proto__=5'],
  ])('%s in ?%s', (name, text) => {
    expect(thrown(() => queryOf(`?${text}`))).toMatchObject({
      name: 'invalidRequest',
      message: expect.stringContaining(`query.${name}: expected `),
      facts: { details: [{ field: `query.${name}`, expected: expect.any(String) }] },
    });
  });

  it('with all that is wrong, and what was expected', () => {
    expect(thrown(() => queryOf('?time=x&detail=no&more=1'))).toMatchObject({
      facts: {
        details: [
          {
            field: 'query.time',
            expected: 'a whole number from 1 to 300, once and in digits',
            received: '"x"',
          },
          { field: 'query.detail', received: '"no"' },
          { field: 'query.more', expected: 'no such parameter' },
        ],
      },
    });
  });
});

it('refuses to be made for a form that it cannot read', () => {
  expect(thrown(() => strictQuery(Type.Object({ list: Type.Array(Type.String()) })))).toBeInstanceOf(
    TypeError,
  );
});
