import { FRAME_HEADER_BYTES } from '../../src/protocol/frame.ts';

/** A header alone, as a hostile peer would write it. */
export function frameHeader(length: number, kind: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, true);
  view.setUint8(4, kind);
  return bytes;
}
