/**
 * Brings another template into use while the service runs: one guest is restored from it for a proof, then a share of
 * the pool comes from it until the gate decides; then it is the current one for the pool and for the next start, or it
 * is given up. At every moment the pool restores from a whole template.
 */
import { basename } from 'node:path';
import type { RunnerPool } from '../runner/pool.ts';
import type { TemplateStore } from '../template/store.ts';
import type { Figures } from './figures.ts';
import type { Gate } from './gate.ts';
import type { RolloutOutcome } from './outcome.ts';
import { machineDifferences, RolloutRefusedError } from './refusal.ts';
import type { SourceTemplate } from './source.ts';
import type { TemplateSupply } from './supply.ts';
import { type Decision, Trial, whyAborted } from './trial.ts';

export type RolloutOrder = Gate & {
  /** Id of the new template. */
  readonly template: string;
  /** How much of the pool comes from it while it is tried. */
  readonly sharePercent: number;
};

/** Of the guests of a new template, and of the current one since the trial began; null before it. */
type TrialFigures = { readonly canary: Figures; readonly current: Figures } | null;

/** A rollout that is under way. */
export type RolloutView = RolloutOrder & {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly figures: TrialFigures;
};

export type RolloutResult = {
  readonly outcome: RolloutOutcome;
  /** A sentence. */
  readonly reason: string;
  readonly template: string;
  /** Id of the template that was current before, and still is when the new one was rolled back. */
  readonly before: string;
  readonly figures: TrialFigures;
};

/** What the log and the metrics are told. */
export type RolloutObserver = {
  readonly began: (order: RolloutOrder) => void;
  readonly decided: (result: RolloutResult) => void;
  /** Another template was taken without a trial: somebody promoted it or rolled back. */
  readonly replaced: (template: string, before: string) => void;
  /** No guest of another template than this is ready any more. */
  readonly turnedOver: (template: string) => void;
};

export type RolloutsOptions<T extends SourceTemplate> = {
  readonly supply: TemplateSupply<T>;
  readonly pool: Pick<RunnerPool, 'counts' | 'review' | 'whenTurnedOver'>;
  readonly store: Pick<TemplateStore, 'current' | 'promote'>;
  /** Opens a template, every file of it checked. Rejects when guests cannot be restored from it here. */
  readonly open: (id: string) => Promise<T>;
  readonly observer: RolloutObserver;
};

/** How often a first guest is tried for. */
const PROBES = 3;

export class Rollouts<T extends SourceTemplate> implements AsyncDisposable {
  readonly #options: RolloutsOptions<T>;
  readonly #closing = new AbortController();
  #underWay: { readonly view: Omit<RolloutView, 'figures'>; readonly abort: AbortController } | undefined;
  /** What is being changed. */
  #change: Promise<unknown> | undefined;

  constructor(options: RolloutsOptions<T>) {
    this.#options = options;
  }

  /** The rollout that is under way. */
  get view(): RolloutView | null {
    return this.#underWay ? { ...this.#underWay.view, figures: this.#figures } : null;
  }

  /**
   * Tries a template and, when it passes its gate, makes it the current one.
   * @param signal Gives it up when it is aborted.
   * @throws {RolloutRefusedError} When it cannot be tried at all, or is given up before it is decided: then nothing
   * is known against it.
   */
  begin(order: RolloutOrder, signal: AbortSignal): Promise<RolloutResult> {
    return this.#alone(async () => {
      const abort = new AbortController();
      const before = this.#options.supply.current.id;
      if (order.template === before) throw new RolloutRefusedError(`template ${before} is in use already`);
      const template = await this.#open(order.template);
      this.#underWay = { view: { ...order, startedAt: Date.now() }, abort };
      try {
        this.#options.observer.began(order);
        const given = AbortSignal.any([signal, abort.signal, this.#closing.signal]);
        const { decision, figures } = await this.#try(template, order, given);
        const outcome = decision.is === 'passed' ? 'promoted' : 'rolledBack';
        const result = { outcome, reason: decision.why, template: order.template, before, figures } as const;
        this.#options.observer.decided(result);
        if (decision.is === 'givenUp') throw new RolloutRefusedError(`it was given up: ${decision.why}`);
        return result;
      } finally {
        this.#underWay = undefined;
      }
    });
  }

  /** Gives up the rollout that is under way. @returns Whether there is one. */
  abort(why: string): boolean {
    this.#underWay?.abort.abort(new Error(why));
    return this.#underWay !== undefined;
  }

  /**
   * Takes the template that is current for the next start, without a trial but for one guest's proof.
   * @throws {RolloutRefusedError} When guests cannot be restored from it; the one before stays.
   */
  reload(): Promise<{ readonly template: string; readonly isNew: boolean }> {
    return this.#alone(async () => {
      const { supply, store, observer } = this.#options;
      const before = supply.current.id;
      const id = basename(await store.current().catch(refuse));
      if (id === before) return { template: id, isNew: false };
      const template = await this.#open(id);
      const failure = await this.#probe(template, this.#closing.signal);
      if (failure) throw new RolloutRefusedError(failure.why);
      await supply.replaceCurrent(template);
      observer.replaced(id, before);
      this.#turnOver();
      return { template: id, isNew: true };
    });
  }

  /** Gives up what is under way, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the server is ending'));
    await this.#change?.catch(() => {});
  }

  get #figures(): TrialFigures {
    const { current, canary } = this.#options.supply;
    return canary ? { canary: canary.tally.figures, current: current.tally.figures } : null;
  }

  /** One change at a time. */
  async #alone<R>(change: () => Promise<R>): Promise<R> {
    if (this.#change) throw new RolloutRefusedError('another template is being brought into use just now');
    this.#closing.signal.throwIfAborted();
    const changed = change();
    this.#change = changed;
    try {
      return await changed;
    } finally {
      this.#change = undefined;
    }
  }

  /** @throws {RolloutRefusedError} When guests cannot be restored from it beside those of the current one. */
  async #open(id: string): Promise<T> {
    const { supply, open } = this.#options;
    const template = await open(id).catch(refuse);
    const differing = machineDifferences(supply.current.template, template);
    if (differing.length === 0) return template;
    await template[Symbol.asyncDispose]();
    throw new RolloutRefusedError(
      `template ${id} needs another machine than the guests that run (${differing.join('; ')}): promote it and restart the server`,
    );
  }

  /** Restores a first guest. A template that gives none is closed; a busy host may fail it once or twice. */
  async #probe(template: T, signal: AbortSignal): Promise<Decision | undefined> {
    let why = '';
    for (let attempt = 1; attempt <= PROBES && !signal.aborted; attempt += 1) {
      try {
        await this.#options.supply.probe(template, signal);
        return undefined;
      } catch (error) {
        why = messageOf(error);
      }
    }
    await template[Symbol.asyncDispose]();
    if (signal.aborted) return { is: 'givenUp', why: whyAborted(signal) };
    return { is: 'failed', why: `no guest could be restored from it: ${why}` };
  }

  /** Brings a template to its decision, and carries that out. The template is the supply's or closed afterwards. */
  async #try(
    template: T,
    order: RolloutOrder,
    signal: AbortSignal,
  ): Promise<{ decision: Decision; figures: TrialFigures }> {
    const { supply, pool } = this.#options;
    const failure = await this.#probe(template, signal);
    if (failure) return { decision: failure, figures: null };
    const first = Math.ceil((pool.counts.target * order.sharePercent) / 100);
    const canary = supply.beginCanary(template, order.sharePercent, first);
    using trial = new Trial(order, signal, () => canary.tally.figures);
    canary.onChange = trial.look;
    // Also where nobody takes a guest, some of them are to come from the new template.
    pool.review(first);
    const decision = await this.#settle(await trial.decision, order.template);
    const figures = this.#figures;
    await (decision.is === 'passed' ? supply.promoteCanary() : supply.endCanary(decision.is === 'failed'));
    this.#turnOver();
    return { decision, figures };
  }

  /** For the next start first: a server that dies in between comes back with the new template. */
  async #settle(decision: Decision, template: string): Promise<Decision> {
    if (decision.is !== 'passed') return decision;
    try {
      await this.#options.store.promote(template);
      return decision;
    } catch (error) {
      return { is: 'givenUp', why: `it could not be promoted: ${messageOf(error)}` };
    }
  }

  /** Nobody waits for it: guests of the other template do as well meanwhile. */
  #turnOver(): void {
    const { pool, supply, observer } = this.#options;
    const { id } = supply.current;
    pool.review();
    pool.whenTurnedOver(this.#closing.signal).then(
      () => observer.turnedOver(id),
      () => {},
    );
  }
}

function refuse(cause: unknown): never {
  throw new RolloutRefusedError(messageOf(cause), { cause });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
