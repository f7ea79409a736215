/** How ready guests are made from a template: each is restored, or forked from one that was restored and warmed. */
import { join } from 'node:path';
import { ForkError, ForkServer } from '../guest/fork/fork-server.ts';
import type { Guest } from '../guest/guest.ts';
import type { Hosting } from '../guest/hosting.ts';
import { makeReady, type ReadinessTerms } from '../guest/ready.ts';
import { restoreGuest } from '../guest/restore.ts';
import { follow } from '../lib/deadline.ts';
import type { StatsReply } from '../protocol/messages.ts';
import type { ReadyGuest } from '../runner/ready-guest.ts';
import type { Template } from '../template/template.ts';
import type { CorpusProgram } from '../template/warm-ups.ts';
import { runCorpus, warmUp } from './warm-parent.ts';

/** Makes ready guests, until it is disposed of. */
export type GuestMaker = AsyncDisposable & {
  /** Whether guests that are made later will be warmer. */
  readonly isWarming: boolean;
  /** Makes one of this name; cleans up after itself when it fails. */
  make(name: string, signal: AbortSignal): Promise<ReadyGuest>;
};

export type MakerOptions = {
  readonly hosting: Hosting;
  /** Folder of the guests' own folders. */
  readonly folder: string;
  /** What a guest that others are forked from runs besides the warm-ups. */
  readonly corpus: readonly CorpusProgram[];
  /** Told when guests are as warm as they get: those that were made before are less so. */
  readonly onWarm: () => void;
  /** Told of what went wrong and holds nobody up. */
  readonly onFailure: (error: Error) => void;
};

/** Restores each guest, and takes it through its proof and warm-ups. */
export class RestoringMaker implements GuestMaker {
  readonly isWarming = false;
  readonly #template: Template;
  readonly #options: MakerOptions;

  constructor(template: Template, options: MakerOptions) {
    this.#template = template;
    this.#options = options;
  }

  make(name: string, signal: AbortSignal): Promise<ReadyGuest> {
    const { restorePoint, readinessTerms } = this.#template;
    const { hosting, folder } = this.#options;
    const restored = restoreGuest(restorePoint, hosting, { name, folder: join(folder, name), signal });
    return proved(restored, this.#template, readinessTerms, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * Restores and warms one guest, and forks it for each. Forks that are wanted before it has run all of its corpus are less
 * warm.
 */
export class ForkingMaker implements GuestMaker {
  readonly #template: Template;
  readonly #library: string;
  readonly #options: MakerOptions;
  readonly #ended = new AbortController();
  #server: Promise<ForkServer> | undefined;
  #servers = 0;
  readonly #lost = new WeakSet<ForkServer>();
  /** How those are that nothing is done to. */
  readonly #stats = new WeakMap<ForkServer, StatsReply>();
  /** The one that has run its corpus. */
  #warm: ForkServer | undefined;

  /** @param library See {@link ForkServer.start}. */
  constructor(template: Template, library: string, options: MakerOptions) {
    this.#template = template;
    this.#library = library;
    this.#options = options;
  }

  get isWarming(): boolean {
    return this.#warm === undefined;
  }

  async make(name: string, signal: AbortSignal): Promise<ReadyGuest> {
    const server = await follow(this.#running(), signal);
    this.#template.checkTrust();
    const forked = server
      .fork({ name, folder: join(this.#options.folder, name), signal })
      .catch(async (error: unknown) => {
        // Whatever is wrong with it may stay wrong.
        if (error instanceof ForkError) await this.#replace(server);
        throw error;
      });
    // It comes warm.
    const terms = { ...this.#template.readinessTerms, warmUps: [], stats: this.#stats.get(server) };
    return proved(forked, this.#template, terms, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(new Error('no more guests are made'));
    const server = await this.#server?.catch(() => undefined);
    await server?.[Symbol.asyncDispose]();
  }

  /** The one that is there, or a new one. */
  #running(): Promise<ForkServer> {
    this.#server ??= this.#start();
    return this.#server;
  }

  async #start(): Promise<ForkServer> {
    try {
      const server = await this.#startWarm();
      void server.guest.lost.then(() => this.#replace(server));
      if (this.#options.corpus.length > 0) void this.#warmOn(server);
      else this.#warm = server;
      return server;
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  async #startWarm(): Promise<ForkServer> {
    const { hosting, folder } = this.#options;
    this.#servers += 1;
    const name = `parent-${this.#template.manifest.id}-${this.#servers}`;
    const { signal } = this.#ended;
    await using stack = new AsyncDisposableStack();
    const server = stack.use(
      await ForkServer.start(this.#template.restorePoint, hosting, {
        name,
        folder: join(folder, name),
        signal,
        library: this.#library,
      }),
    );
    const { stats } = await follow(warmUp(server, this.#template.readinessTerms), signal);
    await server.settle();
    this.#stats.set(server, stats);
    stack.move();
    return server;
  }

  async #warmOn(server: ForkServer): Promise<void> {
    try {
      this.#stats.delete(server);
      const { stats } = await runCorpus(server, this.#options.corpus, this.#template.readinessTerms);
      await server.settle();
      this.#stats.set(server, stats);
      this.#warm = server;
      this.#options.onWarm();
    } catch (cause) {
      if (this.#ended.signal.aborted) return;
      this.#options.onFailure(new Error('the guest to fork could not be warmed', { cause }));
      await this.#replace(server);
    }
  }

  /** The next guest has a new one started. */
  async #replace(lost: ForkServer): Promise<void> {
    if (this.#ended.signal.aborted || this.#lost.has(lost)) return;
    this.#lost.add(lost);
    this.#server = undefined;
    this.#warm = undefined;
    await lost[Symbol.asyncDispose]();
  }
}

/** Takes a guest through its proof; it is ended when that fails. */
async function proved(
  making: Promise<Guest>,
  template: Template,
  terms: ReadinessTerms,
  signal: AbortSignal,
): Promise<ReadyGuest> {
  const guest = await making;
  // Its end settles every wait on it.
  const abort = () => void guest[Symbol.asyncDispose]();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return { guest, template: template.manifest.id, ...(await makeReady(guest, terms)) };
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** As this host makes them. */
export const makerOf =
  (options: MakerOptions) =>
  (template: Template): GuestMaker => {
    const { forkLibrary } = options.hosting;
    return forkLibrary === undefined
      ? new RestoringMaker(template, options)
      : new ForkingMaker(template, forkLibrary, options);
  };
