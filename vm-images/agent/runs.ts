/** The runs of this guest: started, under way, ended. Several may be under way at once. */
import { join } from 'node:path';
import type { RunRequest } from '../../src/protocol/messages.ts';
import { type Language, languages } from '../languages/mod.ts';
import { BUN_ENTRY, needsFreshInterpreter } from './environment.ts';
import { KeptRuns } from './kept-runs.ts';
import { isShortage } from './libc.ts';
import { DirectListener, type RunListener } from './listener.ts';
import { now, type Timer } from './loop.ts';
import { type ProgramFile, ProgramFileError, type ProgramFiles } from './program-files.ts';
import type { Remains } from './remains.ts';
import { MESSAGE_CHARACTERS, Run, type RunContext, type RunParts } from './run.ts';
import type { Spare, ZygoteKind } from './spare.ts';
import type { Stock } from './stock.ts';
import type { WarmUps } from './warm-ups.ts';
import { WorkspaceError, writePrivate } from './workspace.ts';

/** How long after a run the next process is started: by then the host has ended a guest that serves only once. */
const REPLACE_AFTER_MS = 50;
/** Runs whose processes may live on. What further ones leave is ended with them. */
const MOST_LIVING = 64;

type Started = {
  readonly run: Run;
  /** What it has in the working directory. */
  readonly files: readonly ProgramFile[];
  readonly listener: RunListener;
};

export type RunsParts = {
  readonly stock: Stock;
  readonly programs: ProgramFiles;
  readonly remains: Remains;
  readonly warmUps: WarmUps;
};

export class Runs {
  readonly #context: RunContext;
  readonly #parts: RunsParts;
  readonly #underWay = new Map<number, Started>();
  readonly #kept: KeptRuns;
  readonly #replace: Timer = { at: undefined, onTime: () => this.#replaceSpares() };

  constructor(context: RunContext, parts: RunsParts) {
    this.#context = context;
    this.#parts = parts;
    this.#kept = new KeptRuns(context.link);
    context.loop.addTimer(this.#replace);
  }

  /** Starts a program, or says why not. @param arrived When the request came, on the loop's clock. */
  start(request: RunRequest, arrived: number): void {
    const { link } = this.#context;
    const listener = request.keep ? this.#kept.begin(request.id) : new DirectListener(link);
    try {
      const language = languages.find(({ name }) => name === request.language);
      if (!language) throw new WorkspaceError(`no such language: ${request.language}`);
      const words = [...request.args, ...Object.entries(request.env).flat()];
      if (words.some((word) => word.includes('\0')))
        throw new WorkspaceError('a NUL in an argument or variable');
      const fresh = needsFreshInterpreter(request, language, () => this.#parts.programs.isEntryFree);
      const kind = fresh ? 'launcher' : language.zygote;
      const isWarmUp = request.warmUp && kind === 'bun';
      const sacrifice = isWarmUp ? this.#parts.stock.takeSacrifice() : undefined;
      if (isWarmUp && !sacrifice) this.#parts.warmUps.runInside(request, language, listener);
      else {
        const parts = { request, language, arrived, listener };
        this.#underWay.set(request.id, this.#start(parts, kind, sacrifice));
      }
    } catch (error) {
      if (!(error instanceof WorkspaceError || isShortage(error))) throw error;
      const message = error.message.slice(0, MESSAGE_CHARACTERS);
      listener.end({ type: 'refused', id: request.id, message });
    }
  }

  /** Kills a run's processes; its report follows. */
  kill(id: number): void {
    this.#underWay.get(id)?.run.kill();
  }

  /** Says all of a run again to a new host, and goes on with it; or says why not. */
  resume(id: number): void {
    const message = this.#kept.resume(id);
    if (message !== undefined) this.#context.link.send({ type: 'refused', id, message });
  }

  /** The host is gone. Runs with `keep` go on, for the one that comes; what nobody will ask for is killed. */
  abandon(): void {
    for (const { run, listener } of this.#underWay.values()) {
      if (!run.request.keep) run.kill();
      listener.detach();
    }
    this.#kept.detach();
    this.goOn();
  }

  /** Nothing waits for the host any more. */
  goOn(): void {
    this.#kept.goOn();
    for (const { run } of this.#underWay.values()) run.goOn();
  }

  /** Reports the runs that have ended. */
  finish(): void {
    for (const started of this.#underWay.values()) if (started.run.outcome) this.#finish(started);
  }

  #start(
    { request, language, arrived, listener }: Omit<RunParts, 'path' | 'spare'>,
    wanted: ZygoteKind,
    sacrifice: Spare | undefined,
  ): Started {
    const { stock } = this.#parts;
    using undo = new DisposableStack();
    const file = this.#place(request, language);
    const files = file ? [file] : [];
    undo.defer(() => this.#remove(files));
    undo.defer(() => this.#release(files));
    // A waiting interpreter knows its program by the usual name only.
    let kind = file?.name === language.fileName ? wanted : 'launcher';
    if (kind === 'bun' && file && file.name !== BUN_ENTRY) {
      const redirect = this.#redirect(request, file);
      if (redirect) files.push(redirect);
      else kind = 'launcher';
    }
    const spare = sacrifice ?? stock.take(kind);
    undo.defer(() => stock.giveBack(spare));
    const path = file?.name ?? join(spare.slot.directory, language.fileName);
    if (!file) writePrivate(path, request.code);
    const run = new Run({ request, language, path, spare, arrived, listener }, this.#context);
    undo.move();
    return { run, files, listener };
  }

  /**
   * Writes what a run comes with.
   * @returns Undefined when the working directory has no room for the text of the program. A guest that goes on
   *   must be able to run one that makes room.
   * @throws {WorkspaceError} When it cannot be written for another reason.
   */
  #place(request: RunRequest, language: Language): ProgramFile | undefined {
    try {
      return this.#parts.programs.place(request, language);
    } catch (error) {
      if (request.keep && error instanceof ProgramFileError) return undefined;
      throw error;
    }
  }

  /** @returns Undefined when there is no room for it. */
  #redirect(request: RunRequest, file: ProgramFile): ProgramFile | undefined {
    try {
      return this.#parts.programs.redirectEntry(request, file);
    } catch (error) {
      if (error instanceof WorkspaceError) return undefined;
      throw error;
    }
  }

  #release(files: readonly ProgramFile[]): void {
    for (const file of files) this.#parts.programs.release(file);
  }

  #remove(files: readonly ProgramFile[]): void {
    for (const file of files) this.#parts.programs.remove(file);
  }

  #finish({ run, files, listener }: Started): void {
    const { remains, warmUps } = this.#parts;
    const { outcome, spare, request } = run;
    if (!outcome) return;
    this.#underWay.delete(request.id);
    if (!request.warmUp) listener.end(outcome);
    this.#release(files);
    const onGone = () => this.#remove(files);
    if (request.keep && !run.isKilled && remains.living < MOST_LIVING) remains.keep(spare, onGone);
    else remains.kill(spare, onGone);
    if (request.warmUp) {
      warmUps.finish(run);
      listener.end(outcome);
    } else this.#replace.at = now() + REPLACE_AFTER_MS;
  }

  /** Not during a run: the agent waits for what it starts to execute, and the program would write on meanwhile. */
  #replaceSpares(): void {
    if (this.#underWay.size > 0) return;
    try {
      this.#parts.stock.fill();
    } catch (error) {
      // Programs have left no room. What is needed is started when it is needed.
      if (!(error instanceof WorkspaceError || isShortage(error))) throw error;
    }
  }
}
