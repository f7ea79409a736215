/**
 * The byte layer between host and guest agent: `u32 LE payload length, u8 kind, payload`.
 *
 * Shared by both sides, so it imports nothing. Whatever a guest writes is untrusted: a frame's length is
 * checked against its kind's limit before a byte of it is stored.
 */

/** What a frame's payload holds. */
export const FrameKind = {
  /** UTF-8 JSON: one {@link ./messages.ts} message. */
  control: 0,
  /** `u32 LE run id`, then bytes the run's processes wrote to standard output. */
  stdout: 1,
  /** `u32 LE run id`, then bytes the run's processes wrote to standard error. */
  stderr: 2,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export type Frame = { readonly kind: FrameKind; readonly payload: Uint8Array };

/** Largest payload in bytes that a side accepts, by direction. */
export const FRAME_LIMIT = {
  /** Guest to host: an output chunk or a small message. */
  fromGuest: 128 * 1024,
  /** Host to guest: a run with its code, files and standard input. */
  fromHost: 64 * 1024 * 1024,
} as const;

export const FRAME_HEADER_BYTES = 5;
/** Length of what the agent writes, outside of any frame, to a host that attaches. */
export const NONCE_BYTES = 16;
const RUN_ID_BYTES = 4;

/** The peer broke the framing; the link cannot be trusted any further. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const isFrameKind = (value: number): value is FrameKind => value <= FrameKind.stderr;

/** One frame as bytes. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint8(4, kind);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

const encoder = new TextEncoder();

/** A control frame that carries `message` as JSON. */
export function encodeControl(message: object): Uint8Array {
  return encodeFrame(FrameKind.control, encoder.encode(JSON.stringify(message)));
}

/** An output frame: `chunk` belongs to run `runId`. */
export function encodeOutput(
  kind: typeof FrameKind.stdout | typeof FrameKind.stderr,
  runId: number,
  chunk: Uint8Array,
): Uint8Array {
  const payload = new Uint8Array(RUN_ID_BYTES + chunk.length);
  new DataView(payload.buffer).setUint32(0, runId, true);
  payload.set(chunk, RUN_ID_BYTES);
  return encodeFrame(kind, payload);
}

/**
 * Splits an output frame's payload.
 * @throws {FrameError} When it is too short to carry a run id.
 */
export function decodeOutput(payload: Uint8Array): { runId: number; chunk: Uint8Array } {
  if (payload.length < RUN_ID_BYTES) throw new FrameError('output frame without a run id');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { runId: view.getUint32(0, true), chunk: payload.subarray(RUN_ID_BYTES) };
}

/**
 * Cuts a byte stream into frames. Holds at most one frame's payload (`limitBytes`) besides the chunk it is
 * given. After a {@link FrameError} it refuses all further input.
 */
export class FrameDecoder {
  readonly #limitBytes: number;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerFilled = 0;
  #kind: FrameKind = FrameKind.control;
  #payload: Uint8Array | undefined;
  #payloadFilled = 0;
  #failure: FrameError | undefined;

  /** @param limitBytes Largest payload accepted, one of {@link FRAME_LIMIT}. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * Takes the next bytes of the stream and yields each frame they complete.
   * @throws {FrameError} On an unknown kind or a payload over the limit.
   */
  *push(chunk: Uint8Array): Generator<Frame, void, void> {
    if (this.#failure) throw this.#failure;
    let offset = 0;
    while (offset < chunk.length) {
      if (!this.#payload) {
        offset += this.#fillHeader(chunk, offset);
        if (!this.#payload) return;
      }
      const payload: Uint8Array = this.#payload;
      const part = chunk.subarray(offset, offset + payload.length - this.#payloadFilled);
      payload.set(part, this.#payloadFilled);
      this.#payloadFilled += part.length;
      offset += part.length;
      if (this.#payloadFilled < payload.length) return;
      this.#payload = undefined;
      yield { kind: this.#kind, payload };
    }
  }

  /** Returns how many bytes it took; sets up the payload once the header is whole. */
  #fillHeader(chunk: Uint8Array, offset: number): number {
    const part = chunk.subarray(offset, offset + FRAME_HEADER_BYTES - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (this.#headerFilled < FRAME_HEADER_BYTES) return part.length;
    this.#headerFilled = 0;
    const view = new DataView(this.#header.buffer);
    const length = view.getUint32(0, true);
    const kind = view.getUint8(4);
    if (!isFrameKind(kind)) throw this.#fail(`unknown frame kind ${kind}`);
    if (length > this.#limitBytes)
      throw this.#fail(`frame of ${length} bytes is over the limit of ${this.#limitBytes}`);
    this.#kind = kind;
    this.#payload = new Uint8Array(length);
    this.#payloadFilled = 0;
    return part.length;
  }

  #fail(message: string): FrameError {
    this.#failure = new FrameError(message);
    return this.#failure;
  }
}
