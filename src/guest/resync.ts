/** Where a stream begins that a host takes over from another one. */
import { randomBytes } from 'node:crypto';
import { FrameError, NONCE_BYTES } from '../protocol/frame.ts';

/** What may have been meant for the host before, bytes. The agent lets its programs wait at so much. */
const MOST_BYTES = 1024 * 1024;

/** Discards what comes before the nonce, which the guest cannot know before it is asked for it. */
export class Resync {
  /** Settles when the nonce has come. Never rejects. */
  readonly found: Promise<void>;
  readonly #nonce = randomBytes(NONCE_BYTES);
  readonly #found = Promise.withResolvers<void>();
  /** The end of what has come, in which the nonce may have begun. */
  #tail = Buffer.alloc(0);
  #discarded = 0;

  constructor() {
    this.found = this.#found.promise;
  }

  /** As the agent is asked for it. */
  get nonce(): string {
    return this.#nonce.toString('hex');
  }

  /**
   * Takes the next bytes of the stream.
   * @returns Those behind the nonce, once it has come.
   * @throws {FrameError} When too many have come without it.
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const bytes = Buffer.concat([this.#tail, chunk]);
    const place = bytes.indexOf(this.#nonce);
    if (place >= 0) {
      this.#found.resolve();
      return bytes.subarray(place + NONCE_BYTES);
    }
    this.#discarded += chunk.length;
    if (this.#discarded > MOST_BYTES) throw new FrameError('too much before the answer to a new host');
    this.#tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - NONCE_BYTES + 1)));
    return undefined;
  }
}
