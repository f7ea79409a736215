import type { Socket } from 'node:net';
import { QmpDisconnectedError, QmpEndedError, QmpProtocolError } from './errors.ts';
import { EventBudget } from './event-budget.ts';
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

/** What a peer may send before the session ends. */
export interface SessionLimits {
  /** Longest line, in bytes. */
  readonly maxLineBytes: number;
  readonly maxEventsPerSecond: number;
}

/**
 * Messages taken in one turn of the event loop. A guest can make its QEMU send events without end, as `ACPI_DEVICE_OST`,
 * which QEMU does not throttle (`monitor_qapi_event_conf` in monitor/monitor.c); what is over waits for the next turn.
 */
const messagesPerTurn = 64;

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
  readonly #events: EventBudget;
  readonly #pending = new PendingCommands();
  readonly #listeners = new Set<SessionListener>();
  readonly #greeting = Promise.withResolvers<QmpGreeting>();
  readonly #closed = Promise.withResolvers<Error>();
  #state: State = { status: 'greeting' };
  /** What a turn has left of the chunk that came last. The socket is paused meanwhile. */
  #rest: Iterator<string, void> | undefined;
  /** How the socket ended, while what came before that is not taken yet. */
  readonly #afterRest: (() => void)[] = [];

  private constructor(socket: Socket, { maxLineBytes, maxEventsPerSecond }: SessionLimits) {
    this.#socket = socket;
    this.#lines = new LineDecoder(maxLineBytes);
    this.#events = new EventBudget(maxEventsPerSecond);
    // Nobody may be waiting for the greeting any more when it fails; that is no reason to crash.
    this.#greeting.promise.catch(() => {});
  }

  /** Takes over a connected socket. */
  static start(socket: Socket, limits: SessionLimits): Session {
    const session = new Session(socket, limits);
    socket.on('data', (chunk: Uint8Array) => session.#receive(chunk));
    socket.on('error', (error) => session.end(error));
    socket.on('end', () => session.#afterAll(() => session.#peerEnded()));
    socket.on('close', () => session.#afterAll(() => session.#socketClosed()));
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
    this.#restTaken();
  }

  #receive(chunk: Uint8Array): void {
    this.#takeTurn(this.#lines.push(chunk));
  }

  /** Takes of a chunk's lines as many as a turn allows. */
  #takeTurn(lines: Iterator<string, void>): void {
    try {
      for (let taken = 0; taken < messagesPerTurn; taken += 1) {
        if (this.#state.status === 'ended') return;
        const next = lines.next();
        if (next.done) {
          if (this.#rest) this.#socket.resume();
          this.#restTaken();
          return;
        }
        this.#dispatch(parseMessage(next.value));
      }
      this.#rest = lines;
      this.#socket.pause();
      setImmediate(() => this.#takeTurn(lines));
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
        this.#events.spend(performance.now());
        for (const listener of this.#listeners) listener.event(message.event);
        break;
      case 'return':
      case 'error':
        this.#pending.settle(message);
        break;
    }
  }

  /** A paused socket tells of its end as soon as nothing waits in it: what came before is taken first. */
  #afterAll(act: () => void): void {
    if (this.#rest && this.#state.status !== 'ended') this.#afterRest.push(act);
    else act();
  }

  #restTaken(): void {
    this.#rest = undefined;
    for (const act of this.#afterRest.splice(0)) act();
  }

  #peerEnded(): void {
    this.end(new QmpEndedError('QEMU closed the connection'));
  }

  #socketClosed(): void {
    this.end(new QmpEndedError('The connection was closed'));
    if (this.#state.status === 'ended') this.#closed.resolve(this.#state.reason);
  }
}
