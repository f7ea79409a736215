/** A process that waits for a program, with its slot. */
import type { Language } from '../languages/language.ts';
import type { Engine } from './engine.ts';
import { readSome } from './libc.ts';
import { LineReader } from './line-reader.ts';
import { type Loop, POLLIN, type Watch } from './loop.ts';
import { writeLine } from './pipe.ts';
import type { Reaper } from './reaper.ts';
import type { Slot } from './slot.ts';
import type { ExitStatus } from './wait-status.ts';

const COMPLAINT_BYTES = 4096;

export type ZygoteKind = Language['zygote'];

/** What is given to a waiting process; `guest/bun-zygote.ts` and `guest/python-zygote` read the same. */
export type Order =
  | { readonly do: 'warm'; readonly path: string }
  | { readonly do: 'reseed' }
  | {
      readonly do: 'go';
      readonly args: readonly string[];
      /** Besides what every program has, which it was started with. */
      readonly env: Readonly<Record<string, string>>;
      readonly stdin: string | null;
    };

export type SpareState = 'starting' | 'waiting' | 'ended';

export class Spare implements Disposable {
  readonly kind: ZygoteKind;
  readonly slot: Slot;
  readonly #loop: Loop;
  readonly #reaper: Reaper;
  readonly #watch: Watch;
  readonly #lines: LineReader;
  readonly #onStarted: (spare: Spare) => void;
  #pid: number | undefined;
  #state: SpareState = 'starting';
  #status: ExitStatus | undefined;
  /** Called when the process waits, answers an order or ends. */
  onChange: () => void = () => {};
  /** Answers that nobody has taken yet. */
  readonly answers: string[] = [];
  /** CPU time of the slot before the program, microseconds. */
  cpuMicrosBefore = 0;

  /** @param onStarted Called once, when the process waits or has ended instead. */
  constructor(kind: ZygoteKind, slot: Slot, { loop, reaper }: Engine, onStarted: (spare: Spare) => void) {
    this.#onStarted = onStarted;
    this.kind = kind;
    this.slot = slot;
    this.#loop = loop;
    this.#reaper = reaper;
    this.#lines = new LineReader(slot.answers.reader.fd);
    this.#watch = { fd: slot.answers.reader.fd, events: POLLIN, onReady: () => this.#read() };
    loop.watch(this.#watch);
  }

  get state(): SpareState {
    return this.#state;
  }

  /** How the process ended; undefined while it has not, or when it ended before it waited. */
  get status(): ExitStatus | undefined {
    return this.#status;
  }

  /** The process is child `pid` of the agent. */
  started(pid: number): void {
    if (this.#pid !== undefined) return;
    this.#pid = pid;
    this.#reaper.expect(pid, (status) => {
      this.#status = status;
      this.#ended();
    });
  }

  /** There will be no process. */
  failed(): void {
    if (this.#pid === undefined) this.#ended();
  }

  /** Writes an order. Nothing happens when the process is gone: its end is noticed anyway. */
  order(order: Order): void {
    this.orderLine(JSON.stringify(order));
  }

  orderLine(line: string): void {
    writeLine(this.slot.orders.writer, line);
  }

  /** What the process has written to standard error: why it ended before it waited. */
  complaint(): string {
    const buffer = new Uint8Array(COMPLAINT_BYTES);
    const count = readSome(this.slot.stderr.reader.fd, buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, count)).trim();
  }

  /** It has its program and is not talked with any more. */
  endConversation(): void {
    this.#loop.unwatch(this.#watch);
    this.slot.closeConversation();
  }

  [Symbol.dispose](): void {
    this.#loop.unwatch(this.#watch);
    this.slot[Symbol.dispose]();
  }

  #read(): void {
    const lines = this.#lines.read();
    if (lines === undefined) {
      // The process has closed its end: it runs a program, or it has ended before it ever waited.
      this.#loop.unwatch(this.#watch);
      if (this.#pid === undefined) this.#ended();
      return;
    }
    for (const line of lines) {
      const [word = '', ...rest] = line.split(' ');
      if (word === 'ready') this.#ready(Number(rest[0]));
      else this.answers.push(line);
    }
    this.onChange();
  }

  #ready(pid: number): void {
    this.started(pid);
    this.slot.closeProcessEnds();
    this.#become('waiting');
  }

  #ended(): void {
    this.#become('ended');
    this.onChange();
  }

  #become(state: 'waiting' | 'ended'): void {
    const wasStarting = this.#state === 'starting';
    this.#state = state;
    if (wasStarting) this.#onStarted(this);
  }
}
