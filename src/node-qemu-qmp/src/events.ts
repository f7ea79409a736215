import { onAbort } from './abort.ts';
import { QmpDisconnectedError, QmpDisposedError } from './errors.ts';
import { EventStream } from './event-stream.ts';
import type { Session } from './session.ts';
import type { QmpEvent, QmpEventName } from './types.ts';

export interface QmpEventsOptions<N extends QmpEventName = QmpEventName> {
  /** Only events of these names; without it, all. */
  readonly names?: readonly N[] | undefined;
  /** Makes the stream reject with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many events wait for a slow reader before the stream fails; 1024 by default. */
  readonly capacity?: number | undefined;
}

export interface QmpOnceOptions<N extends QmpEventName> {
  /** Which event of that name is meant; without it, the next. If it throws, the wait rejects with that. */
  readonly filter?: ((event: QmpEvent<N>) => boolean) | undefined;
  /** Makes the wait reject with its reason. */
  readonly signal?: AbortSignal | undefined;
}

const defaultCapacity = 1024;

/** See `QmpClient.events`. */
export function streamEvents<N extends QmpEventName>(
  session: Session,
  { names, signal, capacity = defaultCapacity }: QmpEventsOptions<N>,
): EventStream<QmpEvent<N>> {
  const releases: (() => void)[] = [];
  const stream = new EventStream<QmpEvent<N>>(capacity, () => {
    for (const release of releases) release();
  });
  const wanted = names === undefined ? undefined : new Set<string>(names);
  if (signal?.aborted === true) {
    stream.fail(signal.reason);
    return stream;
  }
  releases.push(onAbort(signal, (reason) => stream.fail(reason)));
  releases.push(
    session.listen({
      event: (event) => {
        if (isOneOf<N>(event, wanted)) stream.push(event);
      },
      ended: (reason) => {
        if (reason instanceof QmpDisposedError) stream.finish();
        else stream.fail(new QmpDisconnectedError(`events ${names?.join(', ') ?? 'of any name'}`, reason));
      },
    }),
  );
  return stream;
}

/** See `QmpClient.once`. */
export function onceEvent<N extends QmpEventName>(
  session: Session,
  name: N,
  { filter, signal }: QmpOnceOptions<N>,
): Promise<QmpEvent<N>> {
  const wanted = new Set([name]);
  const releases: (() => void)[] = [];
  const seen = new Promise<QmpEvent<N>>((resolve, reject) => {
    signal?.throwIfAborted();
    releases.push(onAbort(signal, reject));
    releases.push(
      session.listen({
        event: (event) => {
          try {
            if (isOneOf<N>(event, wanted) && (filter === undefined || filter(event))) resolve(event);
          } catch (error) {
            reject(error);
          }
        },
        ended: (reason) => reject(new QmpDisconnectedError(`the event ${name}`, reason)),
      }),
    );
  });
  const release = () => {
    for (const each of releases) each();
  };
  // Listen, then act: when the act fails, nobody is left to await the event, and its rejection is no crash.
  seen.then(release, release);
  return seen;
}

function isOneOf<N extends QmpEventName>(
  event: QmpEvent,
  names: ReadonlySet<string> | undefined,
): event is QmpEvent<N> {
  return names === undefined || names.has(event.event);
}
