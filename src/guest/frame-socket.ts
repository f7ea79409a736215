/**
 * Frames over a guest's socket. They are taken in turns, so that a guest that floods its link does not hold up other
 * guests, and none is taken once the link has ended.
 */
import { connect, type Socket } from 'node:net';
import { FRAME_LIMIT, type Frame, FrameDecoder, FrameError } from '../protocol/frame.ts';
import { AgentLinkError } from './errors.ts';
import type { Resync } from './resync.ts';

/**
 * Frames that a guest may have taken in one turn of the event loop. A chunk of the socket holds 22 000 of the
 * smallest, about 25 ms of work: what is over waits for the next turn, so that other guests get theirs.
 */
const FRAMES_PER_TURN = 128;

export type FrameSocketEvents = {
  /** What it throws breaks the protocol. */
  readonly onFrame: (frame: Frame) => void;
  /** Called once; nothing follows. */
  readonly onEnd: (failure: AgentLinkError) => void;
};

export class FrameSocket {
  readonly #socket: Socket;
  readonly #events: FrameSocketEvents;
  readonly #decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
  /** Until the first frame of this host begins. */
  #resync: Resync | undefined;
  /** What a turn has left of the chunk that came last. The socket is paused meanwhile. */
  #rest: Iterator<Frame, void> | undefined;
  #isClosed = false;
  #isEnded = false;

  /** @param resync For a stream that an earlier host may have left within a frame. */
  constructor(socket: Socket, resync: Resync | undefined, events: FrameSocketEvents) {
    this.#socket = socket;
    this.#resync = resync;
    this.#events = events;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', (cause) => this.end(new AgentLinkError('the agent link broke', { cause })));
    socket.on('close', () => this.#socketClosed());
  }

  /** Bytes that wait for the guest to read them. */
  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  write(frame: Uint8Array): void {
    if (!this.#isEnded) this.#socket.write(frame);
  }

  /** Closes it for this reason, unless it has ended already. */
  end(failure: AgentLinkError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.destroy();
    this.#events.onEnd(failure);
  }

  #receive(chunk: Uint8Array): void {
    try {
      const bytes = this.#resync ? this.#resync.push(chunk) : chunk;
      if (!bytes) return;
      this.#resync = undefined;
      this.#takeTurn(this.#decoder.push(bytes));
    } catch (cause) {
      this.#break(cause);
    }
  }

  /** Takes of a chunk's frames as many as a turn allows. */
  #takeTurn(frames: Iterator<Frame, void>): void {
    try {
      for (let taken = 0; taken < FRAMES_PER_TURN; taken += 1) {
        if (this.#isEnded) return;
        const next = frames.next();
        if (next.done) {
          if (this.#rest) this.#goOn();
          return;
        }
        this.#events.onFrame(next.value);
      }
      this.#rest = frames;
      this.#socket.pause();
      setImmediate(() => this.#takeTurn(frames));
    } catch (cause) {
      this.#break(cause);
    }
  }

  #break(cause: unknown): void {
    const what = cause instanceof FrameError ? cause.message : 'a message that cannot be read';
    this.end(new AgentLinkError(`the guest broke the agent protocol: ${what}`, { cause }));
  }

  /** The chunk that took more than a turn is done with. */
  #goOn(): void {
    this.#rest = undefined;
    if (this.#isClosed) this.#socketClosed();
    else this.#socket.resume();
  }

  /** A paused socket tells of its end as soon as nothing waits in it: what came before is taken first. */
  #socketClosed(): void {
    this.#isClosed = true;
    if (!this.#rest) this.end(new AgentLinkError('the agent link was closed'));
  }
}

/**
 * Connects to a guest's socket.
 * @throws {AgentLinkError} When nobody listens there.
 */
export async function openSocket(path: string): Promise<Socket> {
  const socket = connect({ path });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.once('error', reject);
  try {
    await promise;
  } catch (cause) {
    throw new AgentLinkError('the agent socket cannot be reached', { cause });
  }
  socket.off('error', reject);
  return socket;
}
