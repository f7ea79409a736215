import { expect, test } from 'bun:test';
import { LineError, LineSplitter } from '../../../../src/network/resolver/lines.ts';
import { thrown } from '../../../support/failure.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const LIMIT = 8;

test('lines come out whole, however they are cut', () => {
  const text = bytes('one\n\nz\u{e4}hlt\nfour\nrest');
  for (let size = 1; size <= text.length; size += 1) {
    const splitter = new LineSplitter(LIMIT);
    const lines: string[] = [];
    for (let at = 0; at < text.length; at += size) {
      // One buffer for all chunks: what is kept is a copy.
      const chunk = text.slice(at, at + size);
      lines.push(...splitter.push(chunk));
      chunk.fill(0);
    }
    expect(lines).toEqual(['one', '', 'z\u{e4}hlt', 'four']);
  }
});

test('a line may have so many bytes and no more, in one chunk or in many', () => {
  expect([...new LineSplitter(LIMIT).push(bytes(`${'x'.repeat(LIMIT)}\n`))]).toHaveLength(1);
  const long = bytes(`${'x'.repeat(LIMIT + 1)}\n`);
  expect(thrown(() => [...new LineSplitter(LIMIT).push(long)])).toBeInstanceOf(LineError);
  const splitter = new LineSplitter(LIMIT);
  const push = () => [...long].slice(0, LIMIT + 1).map((byte) => [...splitter.push(Uint8Array.of(byte))]);
  expect(thrown(push)).toBeInstanceOf(LineError);
});

test('bytes that are no text are refused', () => {
  expect(thrown(() => [...new LineSplitter(LIMIT).push(Uint8Array.of(0xff, 0x0a))])).toBeInstanceOf(
    TypeError,
  );
});
