import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { t, ValidationError } from 'elysia';
import { RunRefusedError } from '../../../src/guest/errors.ts';
import { CodeLandError } from '../../../src/runner/errors.ts';
import { errorLines } from '../../../src/telemetry/error-lines.ts';

const told = (error: unknown) => errorLines(error).map(({ name, message }) => `${name}: ${message}`);

describe('an error in the log', () => {
  test('is told with its causes, nearest first', () => {
    const cause = new TypeError('x is not a function', { cause: new Error('deepest') });
    const error = new CodeLandError('internal', 'no guest', {}, { cause });
    expect(told(error)).toEqual(['internal: no guest', 'TypeError: x is not a function', 'Error: deepest']);
  });

  test('is told with what it kept back or was gathered from', () => {
    const both = new SuppressedError(new Error('later'), new Error('earlier'), 'two');
    const many = new AggregateError([new Error('one'), both], 'many');
    expect(told(many)).toEqual([
      'AggregateError: many',
      'Error: one',
      'SuppressedError: two',
      'Error: later',
      'Error: earlier',
    ]);
  });

  test('is told once, also when it is its own cause', () => {
    const error = new Error('round');
    error.cause = new Error('and round', { cause: error });
    expect(told(error)).toEqual(['Error: round', 'Error: and round']);
  });

  test('is told with a bounded number of causes', () => {
    let error = new Error('first');
    for (let depth = 0; depth < 100; depth += 1) error = new Error(`after ${depth}`, { cause: error });
    expect(errorLines(error).length).toBeLessThan(10);
    expect(errorLines(new AggregateError(Array(100).fill('x').map(Error))).length).toBeLessThan(10);
  });

  test('takes one bounded line', () => {
    const [line] = errorLines(new Error(`two\nlines\r\n\tand ${'more '.repeat(1000)}`));
    expect(line?.message).toStartWith('two lines and more');
    expect(line?.message.length).toBeLessThan(500);
  });

  test('has nothing that a terminal obeys or shows in another place', () => {
    const marks = ['\x1b]0;x\x07', '\x9b31m', '\x7f', '\u202e', '\u2066', '\ud800', '\u0000'];
    const [line] = errorLines(Object.assign(new Error(`a${marks.join('b')}c`), { name: `n${marks[1]}` }));
    expect(line).toMatchObject({ name: 'n\ufffd31m', message: expect.stringMatching(/^a.*c$/) });
    expect(JSON.stringify(line)).toMatch(/^[\x20-\x7e\ufffd]*$/);
  });

  test('tells where it began, and not what its message makes look like that', () => {
    const [line] = errorLines(new Error('broken\n    at MARKER (secret.ts:1:1)'));
    expect(line?.at?.join()).toContain('error-lines.test.ts');
    expect(line?.at?.join()).not.toContain('MARKER');
  });

  test('tells the code of a system call', () => {
    const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
    expect(errorLines(error)[0]).toMatchObject({ code: 'ENOENT', message: 'ENOENT: no such file' });
    expect(errorLines(Object.assign(new Error('x'), { code: 'a MARKER' }))[0]).not.toHaveProperty('code');
  });

  test('has nothing of a value that is no error', () => {
    for (const value of ['MARKER', { message: 'MARKER' }, null, undefined, 5, ['MARKER']]) {
      expect(told(value)).toEqual([`${typeof value}: not an error, but thrown`]);
    }
  });
});

describe('a message that may quote what was sent or printed is withheld', () => {
  const Answer = t.Object({ res: t.Literal('a') });
  test.each([
    ['a parser of JSON', () => JSON.parse('{"code": MARKER}')],
    ['a parser of expressions', () => new RegExp(String(['MARKER', '(']))],
    ['a reader of header names', () => new Headers({ 'MARKER x': 'y' })],
    ['an agent that refuses a run', () => Promise.reject(new RunRefusedError('MARKER'))],
    ['a reader of URLs', () => new URL('MARKER')],
    [
      'a checker of values',
      () => Value.Decode(t.Transform(t.String()).Decode(fail).Encode(String), 'MARKER'),
    ],
    [
      'a checker of answers',
      () => Promise.reject(new ValidationError('response', Answer, { res: 'MARKER' })),
    ],
  ])('%s', async (_, act) => {
    const error = await Promise.try(act).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const lines = errorLines(new Error('outer', { cause: error }));
    expect(lines[1]?.message).toStartWith('withheld');
    expect(JSON.stringify(lines.map(({ name, message, code }) => [name, message, code]))).not.toContain(
      'MARKER',
    );
  });
});

function fail(value: string): never {
  throw new Error(value);
}
