/**
 * Reads a program's two output pipes and keeps the order between them.
 *
 * The agent runs before any ordinary process of its one processor, so a write to a pipe that it waits for
 * stops the writer right there. It waits for only one of the two: the stream that was written last is left to
 * fill its pipe, which is then read a few milliseconds later. When the other stream is written, what lies in
 * the first one's pipe is older, and is read first. So the order is exact, and a program that writes much to
 * one stream is not interrupted by each write.
 */
import { FrameKind } from '../../src/protocol/frame.ts';
import { readSome } from './libc.ts';
import { type Loop, now, POLLIN, type Timer, type Watch } from './loop.ts';
import type { Stream } from './output.ts';

/** How long output may lie in a pipe. */
const TICK_MS = 5;
/**
 * How long the first output may: a program that ends before that is not interrupted, and its output leaves with its end.
 * Under TCG each change between the agent and a program costs both what their addresses had been looked up for.
 */
const FIRST_TICK_MS = 50;
const buffer = new Uint8Array(64 * 1024);

type Source = { readonly stream: Stream; readonly watch: Watch };

export type CaptureEvents = {
  /** The chunk's memory is used again for the next one. */
  readonly onChunk: (stream: Stream, chunk: Uint8Array) => void;
  /** Called after chunks that should not wait for more. */
  readonly onPause: () => void;
};

export class Capture implements Disposable {
  readonly #loop: Loop;
  readonly #events: CaptureEvents;
  readonly #tick: Timer;
  /** The stream that was written last, and the other one. */
  #current: Source;
  #other: Source;
  #held = false;

  constructor(loop: Loop, stdout: number, stderr: number, events: CaptureEvents) {
    this.#loop = loop;
    this.#events = events;
    this.#current = this.#source(FrameKind.stdout, stdout);
    this.#other = this.#source(FrameKind.stderr, stderr);
    this.#other.watch.events = POLLIN;
    this.#tick = { at: now() + FIRST_TICK_MS, onTime: () => this.#onTick() };
    loop.addTimer(this.#tick);
  }

  /** Reads all that is in the pipes, without waiting for more. */
  drain(): void {
    this.#read(this.#current);
    this.#read(this.#other);
  }

  /** Stops reading, so that the program waits once its pipes are full; or goes on. */
  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.#current.watch.events = undefined;
    this.#other.watch.events = held ? undefined : POLLIN;
    this.#tick.at = held ? undefined : now();
  }

  [Symbol.dispose](): void {
    this.#loop.unwatch(this.#current.watch);
    this.#loop.unwatch(this.#other.watch);
    this.#loop.removeTimer(this.#tick);
  }

  #source(stream: Stream, fd: number): Source {
    const watch: Watch = { fd, events: undefined, onReady: () => this.#onWritten(stream) };
    this.#loop.watch(watch);
    return { stream, watch };
  }

  #onWritten(stream: Stream): void {
    if (this.#held) return;
    if (stream !== this.#current.stream) {
      this.#read(this.#current);
      [this.#current, this.#other] = [this.#other, this.#current];
      this.#other.watch.events ??= POLLIN;
    }
    this.#read(this.#current);
    this.#current.watch.events = this.#current.watch.events === undefined ? undefined : this.#defer();
  }

  /** Leaves the current stream alone until the next tick. */
  #defer(): undefined {
    this.#tick.at ??= now() + TICK_MS;
    return undefined;
  }

  #onTick(): void {
    const count = this.#read(this.#current);
    this.#events.onPause();
    if (this.#held) return;
    // A silent stream is waited for, so that a program that writes nothing costs no wake-ups.
    if (count === 0) this.#current.watch.events = POLLIN;
    else this.#tick.at = now() + TICK_MS;
  }

  /** Reads what is in a pipe now; a program that writes as fast as it is read does not hold the agent up. */
  #read({ stream, watch }: Source): number {
    let total = 0;
    while (total < 16 * buffer.length) {
      const count = readSome(watch.fd, buffer);
      if (count === undefined) break;
      total += count;
      this.#events.onChunk(stream, buffer.subarray(0, count));
      if (count < buffer.length) break;
    }
    return total;
  }
}
