export { QmpClient, type QmpConnectOptions } from './client.ts';
export {
  QmpCommandError,
  QmpConnectError,
  QmpDisconnectedError,
  QmpDisposedError,
  QmpEndedError,
  QmpError,
  QmpEventOverflowError,
  QmpGreetingError,
  QmpNegotiationError,
  QmpProtocolError,
} from './errors.ts';
export type { EventStream as QmpEventStream } from './event-stream.ts';
export type { QmpEventsOptions, QmpOnceOptions } from './events.ts';
export type { QmpCommands, QmpEvents } from './generated/schema.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type {
  QmpArguments,
  QmpCommandName,
  QmpEvent,
  QmpEventName,
  QmpExecuteOptions,
  QmpExecuteParameters,
  QmpOutOfBandCommandName,
  QmpReturn,
  QmpTimestamp,
  QmpVersion,
} from './types.ts';
