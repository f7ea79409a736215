import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { OutputCollector } from '../../../src/runner/output.ts';
import { concat, cut } from '../../support/chunks.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

function collect(...chunks: readonly (readonly ['stdout' | 'stderr', string | Uint8Array])[]) {
  const output = new OutputCollector();
  for (const [stream, chunk] of chunks) output.add(stream, typeof chunk === 'string' ? bytes(chunk) : chunk);
  return output.finish(false);
}

describe('res', () => {
  test.each([
    ['Hello, CodeLand!\n', 'Hello, CodeLand!'],
    ['no newline', 'no newline'],
    ['two\n\n', 'two\n'],
    ['dos\r\n', 'dos\r'],
    ['\n', ''],
    ['', ''],
    ['a\nb', 'a\nb'],
  ])('of %j has %j: one trailing newline less', (printed, expected) => {
    expect(Buffer.from(collect(['stdout', printed]).res, 'base64').toString()).toBe(expected);
  });

  test('is the sample of the API', () => {
    expect(collect(['stdout', 'Hello, CodeLand!\n']).res).toBe('SGVsbG8sIENvZGVMYW5kIQ==');
  });

  test('has both streams in the order they were written', () => {
    const { res } = collect(['stdout', '1\n'], ['stderr', '2\n'], ['stdout', '3\n'], ['stderr', '4\n']);
    expect(Buffer.from(res, 'base64').toString()).toBe('1\n2\n3\n4');
  });

  test('loses the newline that came last, whichever stream it is on', () => {
    const { res, stderr } = collect(['stdout', 'a\n'], ['stderr', '\n']);
    expect(Buffer.from(res, 'base64').toString()).toBe('a\n');
    expect(stderr).toBe('\n');
  });

  test('is exact for any bytes', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(fromBase64(collect(['stdout', all]).res)).toEqual(all);
  });
});

describe('stdout and stderr', () => {
  test('have each its own, with its trailing newline', () => {
    const output = collect(['stdout', 'a\n'], ['stderr', 'b\n'], ['stdout', 'c\n']);
    expect(output).toMatchObject({ stdout: 'a\nc\n', stderr: 'b\n' });
  });

  test('keep a character together that two chunks share, also with the other stream in between', () => {
    const horse = bytes('🐎');
    const { stdout, stderr } = collect(
      ['stdout', horse.subarray(0, 1)],
      ['stderr', horse.subarray(0, 2)],
      ['stdout', horse.subarray(1)],
      ['stderr', horse.subarray(2)],
    );
    expect([stdout, stderr]).toEqual(['🐎', '🐎']);
  });

  test('show what is no UTF-8 as U+FFFD', () => {
    const cutOff = concat(bytes('a'), Uint8Array.of(0xff), bytes('b'), bytes('🐎').subarray(0, 3));
    expect(collect(['stdout', cutOff]).stdout).toBe('a\ufffdb\ufffd');
  });

  test('keep a byte order mark and NUL', () => {
    expect(collect(['stdout', '\ufeffa\0']).stdout).toBe('\ufeffa\0');
  });
});

describe('OutputCollector', () => {
  test('passes on whether output was dropped', () => {
    expect(new OutputCollector().finish(true)).toEqual({ res: '', stdout: '', stderr: '', truncated: true });
  });

  test('keeps nothing of the chunks themselves: a caller may use their memory again', () => {
    const output = new OutputCollector();
    const chunk = bytes('abc');
    output.add('stdout', chunk);
    chunk.fill(0);
    expect(output.finish(false).stdout).toBe('abc');
  });

  test('keeps what came before, however much comes after it', () => {
    const line = 'a line of output\n';
    const output = new OutputCollector();
    for (let count = 0; count < 5_000; count += 1) output.add('stdout', bytes(line));
    expect(output.finish(false).stdout).toBe(line.repeat(5_000));
  });

  test('gives back any bytes, however they are cut and shared among the streams', () => {
    const places = fc.array(fc.nat(1000));
    const streams = fc.infiniteStream(fc.constantFrom<'stdout' | 'stderr'>('stdout', 'stderr'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), places, streams, (printed, where, chosen) => {
        const whole = concat(printed, Uint8Array.of(0x0a));
        const chunks = cut(whole, where).map((chunk) => [chosen.next().value, chunk] as const);
        const { res, stdout, stderr } = collect(...chunks);
        const of = (stream: string) => concat(...chunks.filter(([s]) => s === stream).map(([, c]) => c));
        const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
        expect(fromBase64(res)).toEqual(printed);
        expect(stdout).toBe(lossy.decode(of('stdout')));
        expect(stderr).toBe(lossy.decode(of('stderr')));
      }),
    );
  });
});
