/**
 * The name server of guests: the server's end. Names are looked up by a process of its own, without rights and with
 * nothing of the server's in its memory, since it reads what hostile guests and hostile name servers send.
 */
import { sleep, within } from '../../lib/deadline.ts';
import type { NameRecord } from '../port.ts';
import { type ResolverPlace, resolverCommand } from './command.ts';
import { ResolverError } from './errors.ts';
import { ResolverProcess } from './process.ts';

export type ResolverOptions = ResolverPlace & {
  /** Called when the process ended or could not be started again. It is tried again by itself. */
  readonly onFault: (error: Error) => void;
};

/** How long the process may take to say what it knows of a guest, ms. It says so between two packets. */
const NAMES_DEADLINE_MS = 1_000;

/** Pause before the process is started again, ms: doubled each time, and the first one again after a steady time. */
const PAUSE_MS = { first: 250, longest: 30_000 };
const STEADY_MS = 60_000;

export class Resolver implements AsyncDisposable {
  readonly #options: ResolverOptions;
  readonly #guests = new Set<string>();
  readonly #stop = new AbortController();
  readonly #supervision: Promise<void>;
  #process: ResolverProcess | undefined;

  private constructor(options: ResolverOptions, process: ResolverProcess) {
    this.#options = options;
    this.#supervision = this.#supervise(process);
  }

  /**
   * Starts the process; it answers when this resolves.
   * @throws {ResolverError} When it cannot be started: not as root, or the address cannot be had.
   */
  static async start(options: ResolverOptions): Promise<Resolver> {
    return new Resolver(options, await ResolverProcess.start(resolverCommand(options)));
  }

  /** From now on the questions from this address are answered. @param address IPv4, of a guest. */
  admit(address: string): void {
    this.#guests.add(address);
    this.#process?.send({ type: 'admit', address });
  }

  /** Answers this guest no more, and forgets what it asked. */
  dismiss(address: string): void {
    if (this.#guests.delete(address)) this.#process?.send({ type: 'dismiss', address });
  }

  /**
   * What a guest asked for since it was admitted, or since the process was last started: up to
   * {@link RECORDED_NAMES} names.
   * @throws {ResolverError} When the process is not there.
   * @throws {DeadlineError} When it does not answer in time.
   */
  async names(address: string): Promise<readonly NameRecord[]> {
    if (!this.#process) throw new ResolverError('the resolver is being started again');
    return within(NAMES_DEADLINE_MS, 'the names that a guest looked up', this.#process.names(address));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#process?.[Symbol.asyncDispose]();
    await this.#supervision;
  }

  async #supervise(first: ResolverProcess): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = PAUSE_MS.first;
    let process: ResolverProcess | undefined = first;
    while (!signal.aborted) {
      if (process) {
        const startedAt = performance.now();
        const failure = await this.#run(process);
        if (signal.aborted) return;
        this.#options.onFault(failure);
        if (performance.now() - startedAt > STEADY_MS) pauseMs = PAUSE_MS.first;
      }
      await sleep(pauseMs, signal).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest);
      process = signal.aborted ? undefined : await this.#startAgain(signal);
    }
    await process?.[Symbol.asyncDispose]();
  }

  async #startAgain(signal: AbortSignal): Promise<ResolverProcess | undefined> {
    try {
      return await ResolverProcess.start(resolverCommand(this.#options), signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#options.onFault(new ResolverError('the resolver cannot be started again', { cause: error }));
      }
      return undefined;
    }
  }

  /** Lets the process answer every guest. @returns How it ended. */
  async #run(process: ResolverProcess): Promise<ResolverError> {
    this.#process = process;
    for (const address of this.#guests) process.send({ type: 'admit', address });
    const failure = await process.ended;
    this.#process = undefined;
    return failure;
  }
}

export { ResolverError } from './errors.ts';
export { RECORDED_NAMES } from './limits.ts';
