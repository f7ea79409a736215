import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { encodeFrame, type Frame, FrameDecoder, FrameError, FrameKind } from '../../../src/protocol/frame.ts';
import { longestAllocation } from '../../support/allocations.ts';
import { concat, cut } from '../../support/chunks.ts';
import { frameHeader } from '../../support/frame-header.ts';

const LIMIT = 64;

/** The frames a stream gives and how it ends. Lets through what is no {@link FrameError}. */
function outcome(chunks: readonly Uint8Array[]): { frames: Frame[]; failure?: string } {
  const decoder = new FrameDecoder(LIMIT);
  const frames: Frame[] = [];
  try {
    for (const chunk of chunks) for (const frame of decoder.push(chunk)) frames.push(frame);
    return { frames };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { frames, failure: error.message };
  }
}

describe('any bytes', () => {
  const places = fc.array(fc.nat(1000));
  const kinds = fc.constantFrom(FrameKind.control, FrameKind.stdout, FrameKind.stderr);
  const frame = fc.record({ kind: kinds, payload: fc.uint8Array({ maxLength: LIMIT }) });
  const frames = fc.array(frame, { maxLength: 8 });
  const badHeader = fc
    .tuple(fc.nat(2 * LIMIT), fc.nat(255))
    .map(([length, kind]) => frameHeader(length, kind));
  const noise = fc.uint8Array({ maxLength: 200 });
  const encode = (list: readonly Frame[]) =>
    concat(...list.map(({ kind, payload }) => encodeFrame(kind, payload)));
  /** Good frames, then a header that may be bad, then noise: gets further into the decoder than noise alone. */
  const hostile = fc
    .tuple(frames, badHeader, noise)
    .map(([list, head, rest]) => concat(encode(list), head, rest));

  test('of good frames, cut anywhere, give the frames back', () => {
    fc.assert(
      fc.property(frames, places, (list, where) => {
        expect(outcome(cut(encode(list), where))).toEqual({ frames: list });
      }),
    );
  });

  test('give frames within the limit or a FrameError, and the same for any cuts', () => {
    fc.assert(
      fc.property(fc.oneof(noise, hostile), places, (bytes, where) => {
        const whole = outcome([bytes]);
        for (const { payload } of whole.frames) expect(payload.length).toBeLessThanOrEqual(LIMIT);
        expect(outcome(cut(bytes, where))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test('never make the decoder allocate more than one payload of the limit at once', () => {
    fc.assert(
      fc.property(hostile, places, (bytes, where) => {
        const chunks = cut(bytes, where);
        expect(longestAllocation(() => outcome(chunks))).toBeLessThanOrEqual(LIMIT);
      }),
    );
  });
});
