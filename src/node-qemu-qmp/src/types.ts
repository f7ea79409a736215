import type { QmpCommands, QmpEvents } from './generated/schema.ts';
import type { JsonValue } from './json.ts';

/** A command in QEMU's spelling, such as `'query-status'`. */
export type QmpCommandName = keyof QmpCommands;

/** A command that may overtake others, see `QmpClient.executeOutOfBand`. */
export type QmpOutOfBandCommandName = {
  [C in QmpCommandName]: QmpCommands[C] extends { outOfBand: true } ? C : never;
}[QmpCommandName];

/** Commands that take members beyond those in the schema: `device_add` hands them to the device as properties. */
type OpenCommandName = 'device_add';

/** What a command takes. */
export type QmpArguments<C extends QmpCommandName> = C extends OpenCommandName
  ? QmpCommands[C]['arguments'] & { readonly [property: string]: JsonValue }
  : QmpCommands[C]['arguments'];

/** What a command gives back. */
export type QmpReturn<C extends QmpCommandName> = QmpCommands[C]['returns'];

export interface QmpExecuteOptions {
  /** Gives up waiting. QEMU still carries the command out; its late reply is dropped. */
  readonly signal?: AbortSignal | undefined;
}

/** The parameters after the command's name: arguments may be left out when every one of them may. */
export type QmpExecuteParameters<C extends QmpCommandName> =
  Record<never, never> extends QmpArguments<C>
    ? [commandArguments?: QmpArguments<C> | undefined, options?: QmpExecuteOptions | undefined]
    : [commandArguments: QmpArguments<C>, options?: QmpExecuteOptions | undefined];

/** An event in QEMU's spelling, such as `'SHUTDOWN'`. */
export type QmpEventName = keyof QmpEvents;

/** When QEMU sent an event, by the host's clock; both are -1 when the clock could not be read. */
export interface QmpTimestamp {
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly microseconds: number;
}

type EventsByName = {
  [N in QmpEventName]: {
    readonly event: N;
    readonly timestamp: QmpTimestamp;
  } & (QmpEvents[N] extends undefined ? { readonly data?: undefined } : { readonly data: QmpEvents[N] });
};

/** An event of that name, or of any: a union told apart by `event`. */
export type QmpEvent<N extends QmpEventName = QmpEventName> = Extract<
  EventsByName[QmpEventName],
  { readonly event: N }
>;

/** QEMU's version as it states it itself. */
export type QmpVersion = QmpReturn<'query-version'>;
