/**
 * A run's output on its way to the host: frames in the order the bytes were written, cut off at the run's
 * limit. Adjacent chunks of one stream share a frame.
 */
import { encodeOutput, FRAME_LIMIT, FrameKind } from '../../src/protocol/frame.ts';

export type Stream = typeof FrameKind.stdout | typeof FrameKind.stderr;

const RUN_ID_BYTES = 4;
/** Output bytes that fit in one frame. */
export const CHUNK_BYTES = FRAME_LIMIT.fromGuest - RUN_ID_BYTES;

export class Output {
  readonly #runId: number;
  readonly #send: (frame: Uint8Array) => void;
  #remaining: number;
  #stream: Stream = FrameKind.stdout;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #truncated = false;

  /** @param limitBytes Bytes of both streams together that are sent. */
  constructor(runId: number, limitBytes: number, send: (frame: Uint8Array) => void) {
    this.#runId = runId;
    this.#remaining = limitBytes;
    this.#send = send;
  }

  /** Whether output was dropped because it was over the limit. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Takes a chunk; copies it, so that the caller may use its memory again. */
  add(stream: Stream, chunk: Uint8Array): void {
    let rest = chunk;
    if (rest.length > this.#remaining) {
      this.#truncated = true;
      rest = rest.subarray(0, this.#remaining);
    }
    this.#remaining -= rest.length;
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    while (rest.length > 0) {
      const part = rest.slice(0, CHUNK_BYTES - this.#pendingBytes);
      this.#pending.push(part);
      this.#pendingBytes += part.length;
      rest = rest.subarray(part.length);
      if (this.#pendingBytes === CHUNK_BYTES) this.flush();
    }
  }

  /** Hands on what is pending as a frame. */
  flush(): void {
    const [first, ...more] = this.#pending;
    if (!first) return;
    const chunk = more.length === 0 ? first : Buffer.concat(this.#pending);
    this.#send(encodeOutput(this.#stream, this.#runId, chunk));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
