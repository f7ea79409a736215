import { untilAborted } from './abort.ts';
import { QmpDisposedError, QmpGreetingError, QmpNegotiationError } from './errors.ts';
import type { EventStream } from './event-stream.ts';
import { onceEvent, type QmpEventsOptions, type QmpOnceOptions, streamEvents } from './events.ts';
import type { QmpGreeting } from './message.ts';
import { Session } from './session.ts';
import { openSocket } from './socket.ts';
import type {
  QmpCommandName,
  QmpEvent,
  QmpEventName,
  QmpExecuteOptions,
  QmpExecuteParameters,
  QmpOutOfBandCommandName,
  QmpReturn,
  QmpVersion,
} from './types.ts';

/** libvirt's limit for one message of QEMU's (QEMU_MONITOR_MAX_RESPONSE in src/qemu/qemu_monitor.c), in bytes. */
const defaultMaxLineBytes = 10 * 1024 * 1024;

/** QEMU throttles most events that a guest can cause to one a second; what comes of a command is a handful. */
const defaultMaxEventsPerSecond = 1000;

interface ConnectOptions {
  /** The Unix socket of QEMU's `-qmp unix:PATH,server=on,wait=off`. */
  readonly path: string;
  /** Asks for out-of-band execution; `QmpClient.outOfBand` tells whether QEMU grants it. */
  readonly outOfBand?: boolean | undefined;
  /** Longest message accepted, in bytes; 10 MiB by default. A longer one ends the session. */
  readonly maxLineBytes?: number | undefined;
  /** Most events accepted in a second; 1000 by default. More end the session: they are a guest's doing. */
  readonly maxEventsPerSecond?: number | undefined;
}

/** Waiting for a socket that may never come needs a signal that says when to stop. */
export type QmpConnectOptions = ConnectOptions &
  (
    | { readonly waitForSocket?: false | undefined; readonly signal?: AbortSignal | undefined }
    | { readonly waitForSocket: true; readonly signal: AbortSignal }
  );

/**
 * A QMP session with one QEMU. A client that exists has been greeted and has left negotiation mode.
 *
 * QEMU serves one client per monitor: a second one is greeted only once the first is gone.
 */
export class QmpClient implements AsyncDisposable {
  readonly #session: Session;
  /** QEMU's version, from its greeting. */
  readonly version: QmpVersion;
  /** Whether `executeOutOfBand` may be used. */
  readonly outOfBand: boolean;

  private constructor(session: Session, greeting: QmpGreeting, outOfBand: boolean) {
    this.#session = session;
    this.version = greeting.version;
    this.outOfBand = outOfBand;
  }

  /**
   * Connects, takes the greeting and negotiates.
   *
   * A signal that fires rejects with the error of the phase it interrupted, the signal's reason as its cause.
   * @throws QmpConnectError when nobody listens there (and waiting was not asked for), or access is denied.
   * @throws QmpGreetingError when the peer does not greet as QEMU does.
   * @throws QmpNegotiationError when QEMU refuses the capabilities, or goes away before it grants them.
   */
  static async connect(options: QmpConnectOptions): Promise<QmpClient> {
    const { path, signal, waitForSocket = false } = options;
    const session = Session.start(await openSocket({ path, waitForSocket, signal }), {
      maxLineBytes: options.maxLineBytes ?? defaultMaxLineBytes,
      maxEventsPerSecond: options.maxEventsPerSecond ?? defaultMaxEventsPerSecond,
    });
    try {
      const greeting = await greet(session, signal);
      const outOfBand = options.outOfBand === true && greeting.capabilities.includes('oob');
      await negotiate(session, outOfBand, signal);
      return new QmpClient(session, greeting, outOfBand);
    } catch (error) {
      session.end(new QmpDisposedError('Connecting failed'));
      await session.closed;
      throw error;
    }
  }

  /**
   * Runs a command. It is written before this returns; commands may overlap, QEMU takes them in order.
   *
   * Rejects with QmpCommandError when QEMU refuses, with QmpDisconnectedError when the session ends first, or with
   * the signal's reason.
   */
  execute<C extends QmpCommandName>(
    command: C,
    ...parameters: QmpExecuteParameters<C>
  ): Promise<QmpReturn<C>>;
  // QEMU's schema, from which the types come, is what vouches for the type of a reply.
  execute(name: string, commandArguments?: object, options?: QmpExecuteOptions): Promise<unknown> {
    return this.#session.execute({ verb: 'execute', name, arguments: commandArguments }, options?.signal);
  }

  /**
   * Runs a command ahead of those that wait their turn, even while one of them blocks QEMU's main loop.
   *
   * QEMU stops reading while 8 ordinary commands are in flight: keep fewer, or this one waits as well.
   * Rejects as `execute` does, and with QmpNegotiationError when out-of-band execution was not negotiated.
   */
  executeOutOfBand<C extends QmpOutOfBandCommandName>(
    command: C,
    ...parameters: QmpExecuteParameters<C>
  ): Promise<QmpReturn<C>>;
  executeOutOfBand(name: string, commandArguments?: object, options?: QmpExecuteOptions): Promise<unknown> {
    if (!this.outOfBand) {
      return Promise.reject(new QmpNegotiationError(`${name}: out-of-band execution was not negotiated`));
    }
    return this.#session.execute({ verb: 'exec-oob', name, arguments: commandArguments }, options?.signal);
  }

  /**
   * Events from this call on, until the reader leaves.
   *
   * The stream ends when the client is disposed. It rejects, after the events before, with QmpDisconnectedError when
   * the session ends otherwise, with QmpEventOverflowError when the reader is too slow, or with the signal's reason.
   */
  events<N extends QmpEventName = QmpEventName>(options: QmpEventsOptions<N> = {}): EventStream<QmpEvent<N>> {
    return streamEvents(this.#session, options);
  }

  /**
   * The next event of that name from this call on: listen, then act, then await.
   *
   * Rejects with QmpDisconnectedError when the session ends first, or with the signal's reason. A wait that was
   * given up needs no handler.
   */
  once<N extends QmpEventName>(name: N, options: QmpOnceOptions<N> = {}): Promise<QmpEvent<N>> {
    return onceEvent(this.#session, name, options);
  }

  /** Resolves when the session is over and its socket closed, with what ended it; `undefined` after a dispose. */
  get closed(): Promise<Error | undefined> {
    return this.#session.closed.then((reason) => (reason instanceof QmpDisposedError ? undefined : reason));
  }

  /** Ends the session and waits until the socket is closed. QEMU runs on. May be called any number of times. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#session.end(new QmpDisposedError('The client was disposed of'));
    await this.#session.closed;
  }
}

async function greet(session: Session, signal: AbortSignal | undefined): Promise<QmpGreeting> {
  try {
    return await untilAborted(session.greeting, signal);
  } catch (cause) {
    throw new QmpGreetingError('The peer did not greet as QEMU does', { cause });
  }
}

async function negotiate(session: Session, outOfBand: boolean, signal?: AbortSignal): Promise<void> {
  const enable = outOfBand ? { enable: ['oob'] } : undefined;
  try {
    await session.execute({ verb: 'execute', name: 'qmp_capabilities', arguments: enable }, signal);
  } catch (cause) {
    throw new QmpNegotiationError('QEMU did not leave negotiation mode', { cause });
  }
}
