import { describe, expect, test } from 'bun:test';
import {
  decodeOutput,
  encodeControl,
  encodeFrame,
  encodeOutput,
  type Frame,
  FrameDecoder,
  FrameError,
  FrameKind,
} from '../../../src/protocol/frame.ts';
import { longestAllocation } from '../../support/allocations.ts';
import { concat } from '../../support/chunks.ts';
import { thrown } from '../../support/failure.ts';
import { frameHeader as header } from '../../support/frame-header.ts';

const LIMIT = 64;
const text = (value: string) => new TextEncoder().encode(value);

function decode(chunks: Iterable<Uint8Array>, limit = LIMIT): Frame[] {
  const decoder = new FrameDecoder(limit);
  return [...chunks].flatMap((chunk) => [...decoder.push(chunk)]);
}

describe('encoding', () => {
  test('writes the length in little endian, then the kind, then the payload', () => {
    expect([...encodeFrame(FrameKind.stderr, text('ab'))]).toEqual([2, 0, 0, 0, 2, 0x61, 0x62]);
  });

  test('carries a message as JSON in UTF-8', () => {
    const [frame] = decode([encodeControl({ type: 'hello', name: 'kůň 🐎' })]);
    expect(frame?.kind).toBe(FrameKind.control);
    expect(JSON.parse(new TextDecoder().decode(frame?.payload))).toEqual({ type: 'hello', name: 'kůň 🐎' });
  });

  test('puts the run id before the output', () => {
    const [frame] = decode([encodeOutput(FrameKind.stdout, 0xffff_fffe, text('out'))]);
    expect(frame?.kind).toBe(FrameKind.stdout);
    expect(decodeOutput(frame?.payload ?? new Uint8Array())).toEqual({
      runId: 0xffff_fffe,
      chunk: text('out'),
    });
  });

  test.each([0, 1, 2, 3])('refuses an output frame of %d bytes, which has no run id', (length) => {
    expect(thrown(() => decodeOutput(new Uint8Array(length)))).toBeInstanceOf(FrameError);
  });

  test('reads the run id of a payload that is a part of a larger buffer', () => {
    const payload = concat(text('xyz'), Uint8Array.of(7, 0, 0, 0), text('tail')).subarray(3);
    expect(decodeOutput(payload)).toEqual({ runId: 7, chunk: text('tail') });
  });
});

describe('FrameDecoder', () => {
  const stream = concat(
    encodeControl({ a: 1 }),
    encodeFrame(FrameKind.stdout, new Uint8Array()),
    encodeOutput(FrameKind.stderr, 3, text('🐎')),
  );

  test('gives every frame of a chunk, empty ones too', () => {
    const kinds = decode([stream]).map(({ kind, payload }) => [kind, payload.length]);
    expect(kinds).toEqual([
      [FrameKind.control, 7],
      [FrameKind.stdout, 0],
      [FrameKind.stderr, 8],
    ]);
  });

  test('gives the same frames wherever the stream is cut in two', () => {
    const whole = decode([stream]);
    for (let place = 0; place <= stream.length; place += 1) {
      expect(decode([stream.subarray(0, place), stream.subarray(place)])).toEqual(whole);
    }
  });

  test('gives the same frames byte by byte', () => {
    expect(decode(Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(decode([stream]));
  });

  test('gives an empty frame as soon as its header is whole', () => {
    expect(decode([header(0, FrameKind.control)])).toHaveLength(1);
  });

  test('keeps payloads that do not change when the chunk is used again', () => {
    const chunk = encodeFrame(FrameKind.control, text('abc'));
    const [frame] = decode([chunk]);
    chunk.fill(0);
    expect(frame?.payload).toEqual(text('abc'));
  });

  test('takes a payload of exactly the limit and refuses one byte more by its header alone', () => {
    expect(decode([encodeFrame(FrameKind.control, new Uint8Array(LIMIT))])).toHaveLength(1);
    expect(thrown(() => decode([header(LIMIT + 1, FrameKind.control)]))).toBeInstanceOf(FrameError);
  });

  test('refuses the longest length that a header can name before it allocates it', () => {
    const chunk = header(0xffff_ffff, FrameKind.stdout);
    const longest = longestAllocation(() => {
      expect(thrown(() => decode([chunk]))).toBeInstanceOf(FrameError);
    });
    expect(longest).toBeLessThanOrEqual(LIMIT);
  });

  test.each([3, 4, 127, 255])('refuses the unknown kind %d', (kind) => {
    expect(thrown(() => decode([header(0, kind)]))).toBeInstanceOf(FrameError);
  });

  test('gives the frames before a bad one, then refuses all further input with the same failure', () => {
    const decoder = new FrameDecoder(LIMIT);
    const frames: Frame[] = [];
    const failure = thrown(() => {
      for (const frame of decoder.push(concat(stream, header(0, 9)))) frames.push(frame);
    });
    expect(frames).toHaveLength(3);
    expect(failure).toBeInstanceOf(FrameError);
    expect(thrown(() => [...decoder.push(encodeControl({}))])).toBe(failure);
    expect(thrown(() => [...decoder.push(new Uint8Array())])).toBe(failure);
  });
});
