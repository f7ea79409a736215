import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { QmpProtocolError } from '../src/errors.ts';
import { LineDecoder } from '../src/line-decoder.ts';

const limit = 1024 * 1024;
const encode = (text: string) => new TextEncoder().encode(text);

function decode(chunks: Iterable<Uint8Array>, maxLineBytes = limit): string[] {
  const decoder = new LineDecoder(maxLineBytes);
  return [...chunks].flatMap((chunk) => [...decoder.push(chunk)]);
}

/** Cuts the bytes at those places, given as fractions of 1000, so that any list of numbers is a way to cut. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => Math.floor((place * bytes.length) / 1000)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const lines = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '').toWellFormed()));
const places = fc.array(fc.nat(1000));

describe('LineDecoder', () => {
  test('gives the same lines byte by byte as at once', () => {
    const bytes = encode('{"a":1}\r\n\n\ufeffžluťoučký 🐎\nlast\n');
    const expected = ['{"a":1}\r', '', '\ufeffžluťoučký 🐎', 'last'];
    expect(decode([bytes])).toEqual(expected);
    expect(decode(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test('keeps a character together that two chunks share', () => {
    const bytes = encode('🐎\n');
    for (let place = 1; place < bytes.length; place += 1) {
      expect(decode([bytes.subarray(0, place), bytes.subarray(place)])).toEqual(['🐎']);
    }
  });

  test('keeps what has no line feed yet', () => {
    expect(decode([encode('a\nb')])).toEqual(['a']);
    expect(decode([encode('a\nb'), encode('c\n')])).toEqual(['a', 'bc']);
  });

  test('is not confused when its caller uses the buffer again', () => {
    const bytes = encode('one\ntw');
    const decoder = new LineDecoder(limit);
    const first = [...decoder.push(bytes)];
    bytes.set(encode('o\nthre'));
    expect([...first, ...decoder.push(bytes)]).toEqual(['one', 'two']);
  });

  test('takes a line of exactly the limit and no byte more, however it arrives', () => {
    const fits = encode(`${'x'.repeat(8)}\n`);
    const exceeds = encode(`${'x'.repeat(9)}\n`);
    const split = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(decode([fits, fits], 8)).toEqual(['xxxxxxxx', 'xxxxxxxx']);
    expect(decode(split(fits), 8)).toEqual(['xxxxxxxx']);
    expect(() => decode([exceeds], 8)).toThrow(QmpProtocolError);
    expect(() => decode(split(exceeds), 8)).toThrow(QmpProtocolError);
  });

  test('refuses an over-long line before its end has come', () => {
    expect(() => decode([encode('x'.repeat(9))], 8)).toThrow('more than 8 bytes');
  });

  test('counts bytes, not characters', () => {
    expect(() => decode([encode('🐎🐎🐎\n')], 8)).toThrow(QmpProtocolError);
  });

  test('gives the lines before a bad one', () => {
    const seen: string[] = [];
    const decoder = new LineDecoder(8);
    const read = () => {
      for (const line of decoder.push(encode('good\nmuch too long\n'))) seen.push(line);
    };
    expect(read).toThrow(QmpProtocolError);
    expect(seen).toEqual(['good']);
  });

  test.each([
    [Uint8Array.of(0xff, 0x0a)],
    [Uint8Array.of(0xf0, 0x9f, 0x0a)],
    [Uint8Array.of(0xed, 0xa0, 0x80, 0x0a)],
  ])('refuses what is not UTF-8: %p', (bytes) => {
    expect(() => decode([bytes])).toThrow('not UTF-8');
  });

  test('gives back any lines, cut anywhere', () => {
    fc.assert(
      fc.property(lines, places, (expected, where) => {
        const bytes = encode(expected.map((line) => `${line}\n`).join(''));
        expect(decode(cut(bytes, where))).toEqual(expected);
      }),
    );
  });

  test('throws nothing but protocol errors, and the same for any cuts of the same bytes', () => {
    const outcome = (chunks: Uint8Array[]) => {
      const seen: string[] = [];
      const decoder = new LineDecoder(16);
      try {
        for (const chunk of chunks) for (const line of decoder.push(chunk)) seen.push(line);
        return { seen };
      } catch (error) {
        if (!(error instanceof QmpProtocolError)) throw error;
        return { seen, message: error.message };
      }
    };
    const noise = fc.uint8Array({ maxLength: 200 });
    const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '🐎'), maxLength: 200 }).map(encode);
    fc.assert(
      fc.property(fc.oneof(noise, text), places, (bytes, where) => {
        expect(outcome(cut(bytes, where))).toEqual(outcome([bytes]));
      }),
    );
  });
});
