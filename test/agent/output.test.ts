import { describe, expect, it } from 'bun:test';
import { decodeOutput, FRAME_LIMIT, FrameDecoder, FrameKind } from '../../src/protocol/frame.ts';
import { CHUNK_BYTES, Output } from '../../vm-images/agent/output.ts';

type Sent = { readonly kind: FrameKind; readonly runId: number; readonly bytes: Uint8Array };

/** An output whose frames are decoded as the host does it. */
function recorded(limitBytes: number): { output: Output; sent: Sent[] } {
  const sent: Sent[] = [];
  const output = new Output(7, limitBytes, (frame) => {
    for (const { kind, payload } of new FrameDecoder(FRAME_LIMIT.fromGuest).push(frame)) {
      const { runId, chunk } = decodeOutput(payload);
      sent.push({ kind, runId, bytes: chunk });
    }
  });
  return { output, sent };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (sent: readonly Sent[]) =>
  sent.map(({ kind, bytes: part }) => [kind, Buffer.from(part).toString()]);

describe('output', () => {
  it('joins chunks of one stream and keeps the order between streams', () => {
    const { output, sent } = recorded(100);
    output.add(FrameKind.stdout, bytes('a'));
    output.add(FrameKind.stdout, bytes('b'));
    output.add(FrameKind.stderr, bytes('c'));
    output.add(FrameKind.stdout, bytes('d'));
    output.flush();
    expect(texts(sent)).toEqual([
      [FrameKind.stdout, 'ab'],
      [FrameKind.stderr, 'c'],
      [FrameKind.stdout, 'd'],
    ]);
    expect(output.truncated).toBe(false);
  });

  it('names its run and is silent when there is nothing', () => {
    const { output, sent } = recorded(100);
    output.flush();
    output.add(FrameKind.stderr, bytes(''));
    output.flush();
    expect(sent).toEqual([]);
    output.add(FrameKind.stderr, bytes('x'));
    output.flush();
    expect(sent[0]?.runId).toBe(7);
  });

  it('cuts both streams off at one limit', () => {
    const { output, sent } = recorded(5);
    output.add(FrameKind.stdout, bytes('abc'));
    output.add(FrameKind.stderr, bytes('de'));
    expect(output.truncated).toBe(false);
    output.add(FrameKind.stdout, bytes('f'));
    output.flush();
    expect(output.truncated).toBe(true);
    expect(texts(sent)).toEqual([
      [FrameKind.stdout, 'abc'],
      [FrameKind.stderr, 'de'],
    ]);
  });

  it('makes no frame that the host would refuse', () => {
    const { output, sent } = recorded(10 * CHUNK_BYTES);
    const all = new Uint8Array(3 * CHUNK_BYTES + 5).map((_, index) => index);
    output.add(FrameKind.stdout, all.subarray(0, 10));
    output.add(FrameKind.stdout, all.subarray(10));
    output.flush();
    expect(sent.map(({ bytes: part }) => part.length)).toEqual([CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, 5]);
    expect(Buffer.concat(sent.map(({ bytes: part }) => part)).equals(all)).toBe(true);
  });

  it('copies what it is given', () => {
    const { output, sent } = recorded(10);
    const reused = bytes('a');
    output.add(FrameKind.stdout, reused);
    reused[0] = 0;
    output.flush();
    expect(texts(sent)).toEqual([[FrameKind.stdout, 'a']]);
  });
});
