import { QmpEventOverflowError } from './errors.ts';

type Step<T> = IteratorResult<T, undefined>;

/** How a stream ended: in good order, or with the error that the reader gets after the events before it. */
interface End {
  readonly failure?: { readonly error: unknown };
}

/**
 * Events between the connection, which cannot wait, and a reader, who may.
 *
 * Up to `capacity` events are kept for a slow reader. One more ends the stream with QmpEventOverflowError after
 * the kept ones: an event that went missing without a word would be a wait that never ends.
 */
export class EventStream<T extends object> implements AsyncIterableIterator<T, undefined>, AsyncDisposable {
  readonly #capacity: number;
  readonly #release: () => void;
  readonly #kept: T[] = [];
  readonly #readers: PromiseWithResolvers<Step<T>>[] = [];
  #end: End | undefined;

  /** @param release Called once, when the stream takes no more events. */
  constructor(capacity: number, release: () => void) {
    this.#capacity = capacity;
    this.#release = release;
  }

  /** Adds an event. */
  push(event: T): void {
    if (this.#end !== undefined) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) reader.resolve({ done: false, value: event });
    else if (this.#kept.length < this.#capacity) this.#kept.push(event);
    else this.fail(new QmpEventOverflowError(`More than ${this.#capacity} events were waiting to be read`));
  }

  /** Ends the stream in good order, after the events kept. */
  finish(): void {
    this.#finish({});
  }

  /** Ends the stream with an error, after the events kept. The first end stays. */
  fail(error: unknown): void {
    this.#finish({ failure: { error } });
  }

  /** Waits for the next event. Rejects, once, with what the stream failed with. */
  next(): Promise<Step<T>> {
    const reader = Promise.withResolvers<Step<T>>();
    const event = this.#kept.shift();
    if (event !== undefined) reader.resolve({ done: false, value: event });
    else if (this.#end !== undefined) this.#settle(reader);
    else this.#readers.push(reader);
    return reader.promise;
  }

  /** What `break` in a `for await` calls: no more events, and those kept are dropped. */
  return(): Promise<Step<T>> {
    this.#kept.length = 0;
    this.#finish({});
    this.#end = {};
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#release();
    for (const reader of this.#readers.splice(0)) this.#settle(reader);
  }

  #settle(reader: PromiseWithResolvers<Step<T>>): void {
    const failure = this.#end?.failure;
    this.#end = {};
    if (failure === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(failure.error);
  }
}
