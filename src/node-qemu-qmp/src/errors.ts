/** Base of every error this package creates: `error instanceof QmpError` tells ours from everybody else's. */
export class QmpError extends Error {
  override name = 'QmpError';
}

/** No connection came about: nobody listens on the socket, or the signal fired first. */
export class QmpConnectError extends QmpError {
  override name = 'QmpConnectError';
  readonly path: string;

  constructor(path: string, options: ErrorOptions) {
    super(`Could not connect to ${path}`, options);
    this.path = path;
  }
}

/** The peer did not greet as a QMP server does, or the signal fired before it greeted. */
export class QmpGreetingError extends QmpError {
  override name = 'QmpGreetingError';
}

/** QEMU greeted but did not leave negotiation mode, or something was used that was not negotiated. */
export class QmpNegotiationError extends QmpError {
  override name = 'QmpNegotiationError';
}

/** What `QmpCommandError` keeps of the exchange. */
export interface RefusedCommand {
  readonly command: string;
  readonly arguments: object | undefined;
  readonly errorClass: string;
  readonly description: string;
}

/** QEMU said no. The session goes on. */
export class QmpCommandError extends QmpError {
  override name = 'QmpCommandError';
  readonly command: string;
  readonly arguments: object | undefined;
  /** QEMU's class, nearly always `GenericError`; others are `CommandNotFound`, `DeviceNotFound`, … */
  readonly errorClass: string;
  /** QEMU's sentence for humans. It changes between versions: do not parse it. */
  readonly description: string;

  constructor(refused: RefusedCommand) {
    super(`${refused.command}: ${refused.description}`);
    this.command = refused.command;
    this.arguments = refused.arguments;
    this.errorClass = refused.errorClass;
    this.description = refused.description;
  }
}

/** The session ended before what was waited for happened; `cause` is the first thing that went wrong. */
export class QmpDisconnectedError extends QmpError {
  override name = 'QmpDisconnectedError';
  declare readonly cause: Error;

  constructor(waitingFor: string, cause: Error) {
    super(`Disconnected while waiting for ${waitingFor}: ${cause.message}`, { cause });
  }
}

/** The peer sent something that is not QMP: the session is over, since what follows cannot be trusted. */
export class QmpProtocolError extends QmpError {
  override name = 'QmpProtocolError';
}

/** Why a session ended: the peer closed its end, as QEMU does when it exits or is killed. */
export class QmpEndedError extends QmpError {
  override name = 'QmpEndedError';
}

/** Why a session ended: this side disposed of the client. */
export class QmpDisposedError extends QmpError {
  override name = 'QmpDisposedError';
}

/** An event stream was not read quickly enough, and events after the buffered ones are lost. */
export class QmpEventOverflowError extends QmpError {
  override name = 'QmpEventOverflowError';
}
