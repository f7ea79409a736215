import type { Socket } from 'node:net';
import { QmpDisconnectedError, QmpEndedError, QmpProtocolError } from './errors.ts';
import { LineDecoder } from './line-decoder.ts';
import { parseMessage, type QmpGreeting, type QmpMessage } from './message.ts';
import { type Command, disconnected, PendingCommands } from './pending.ts';
import type { QmpEvent } from './types.ts';

/** Somebody who wants to hear of events, and of the end of them. */
export interface SessionListener {
  event(event: QmpEvent): void;
  /** The last call. @param reason What ended the session first. */
  ended(reason: Error): void;
}

type State =
  | { readonly status: 'greeting' }
  | { readonly status: 'running' }
  | { readonly status: 'ended'; readonly reason: Error };

/**
 * One connection: matches replies to commands, hands out events, and ends once, for the first reason.
 *
 * Every wait is settled by the end at the latest.
 */
export class Session {
  readonly #socket: Socket;
  readonly #lines: LineDecoder;
  readonly #pending = new PendingCommands();
  readonly #listeners = new Set<SessionListener>();
  readonly #greeting = Promise.withResolvers<QmpGreeting>();
  readonly #closed = Promise.withResolvers<Error>();
  #state: State = { status: 'greeting' };

  private constructor(socket: Socket, maxLineBytes: number) {
    this.#socket = socket;
    this.#lines = new LineDecoder(maxLineBytes);
    // Nobody may be waiting for the greeting any more when it fails; that is no reason to crash.
    this.#greeting.promise.catch(() => {});
  }

  /** Takes over a connected socket. @param maxLineBytes Longest line accepted, in bytes. */
  static start(socket: Socket, maxLineBytes: number): Session {
    const session = new Session(socket, maxLineBytes);
    socket.on('data', (chunk: Uint8Array) => session.#receive(chunk));
    socket.on('error', (error) => session.end(error));
    socket.on('end', () => session.end(new QmpEndedError('QEMU closed the connection')));
    socket.on('close', () => session.#socketClosed());
    return session;
  }

  /** Rejects with QmpDisconnectedError when the session ends without one. */
  get greeting(): Promise<QmpGreeting> {
    return this.#greeting.promise;
  }

  /** Resolves with the reason once the session has ended and its socket is closed; never rejects. */
  get closed(): Promise<Error> {
    return this.#closed.promise;
  }

  /**
   * Writes a command before it returns, and waits for the reply.
   *
   * Rejects with QmpCommandError, QmpDisconnectedError, the signal's reason, or a TypeError for arguments that
   * are not JSON.
   */
  execute(command: Command, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#state.status === 'ended') return Promise.reject(disconnected(command, this.#state.reason));
    return this.#pending.send(command, signal, (line) => this.#socket.write(line));
  }

  /** Adds a listener; one that comes after the end is told of it at once. Returns how to take it off. */
  listen(listener: SessionListener): () => void {
    if (this.#state.status === 'ended') listener.ended(this.#state.reason);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the session. The first reason stays: later calls change nothing. */
  end(reason: Error): void {
    if (this.#state.status === 'ended') return;
    this.#state = { status: 'ended', reason };
    this.#socket.destroy();
    this.#greeting.reject(new QmpDisconnectedError('the greeting', reason));
    this.#pending.end(reason);
    for (const listener of this.#listeners) listener.ended(reason);
    this.#listeners.clear();
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#dispatch(parseMessage(line));
    } catch (error) {
      this.end(error instanceof Error ? error : new QmpProtocolError('Reading failed', { cause: error }));
    }
  }

  #dispatch(message: QmpMessage): void {
    const isFirst = this.#state.status === 'greeting';
    if (isFirst !== (message.kind === 'greeting')) {
      throw new QmpProtocolError(isFirst ? `Not a greeting: ${message.kind}` : 'The peer greeted twice');
    }
    switch (message.kind) {
      case 'greeting':
        this.#state = { status: 'running' };
        this.#greeting.resolve(message.greeting);
        break;
      case 'event':
        for (const listener of this.#listeners) listener.event(message.event);
        break;
      case 'return':
      case 'error':
        this.#pending.settle(message);
        break;
    }
  }

  #socketClosed(): void {
    this.end(new QmpEndedError('The connection was closed'));
    if (this.#state.status === 'ended') this.#closed.resolve(this.#state.reason);
  }
}
