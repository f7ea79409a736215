/** Obeys the host: says hello, prepares the clone, runs programs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Frame, FrameKind } from '../../src/protocol/frame.ts';
import type { HostMessage, PrepareRequest, RunRequest } from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { type Language, languages } from '../languages/mod.ts';
import { Engine } from './engine.ts';
import { needsFreshInterpreter } from './environment.ts';
import { setClock } from './kernel.ts';
import { findPort, Link } from './link.ts';
import { now, type Timer } from './loop.ts';
import { currentIdentity, prepareKernel } from './prepare.ts';
import { Run, type RunContext } from './run.ts';
import type { Settings } from './settings.ts';
import { Stock } from './stock.ts';
import { warmInside } from './warm-up.ts';
import { cleanWorkspace, WorkspaceError, writeFiles } from './workspace.ts';

const AGENT_VERSION = '0.1.0';
const MESSAGE_CHARACTERS = 1024;
/** How long after a run the next process is started: by then the host has ended a guest that serves only once. */
const REPLACE_AFTER_MS = 50;

export class Agent {
  readonly #settings: Settings;
  readonly #engine = new Engine();
  readonly #stock: Stock;
  readonly #link: Link;
  readonly #context: RunContext;
  readonly #inbox: { readonly frame: Frame; readonly arrived: number }[] = [];
  readonly #runs = new Map<number, Run>();
  readonly #replace: Timer = { at: undefined, onTime: () => this.#replaceSpares() };

  /** Starts all waiting processes and waits for them; then opens the port and says hello. */
  constructor(settings: Settings) {
    this.#settings = settings;
    mkdirSync(settings.runtime, { recursive: true });
    mkdirSync(settings.cgroup, { recursive: true });
    writeFileSync(join(settings.cgroup, 'cgroup.subtree_control'), settings.controllers);
    const { loop } = this.#engine;
    loop.addTimer(this.#replace);
    this.#stock = new Stock(
      settings,
      this.#engine,
      new Set([...languages.map(({ zygote }) => zygote), 'launcher']),
    );
    this.#stock.fillAndSettle();
    this.#link = new Link(loop, settings.port ?? findPort(), {
      onFrame: (frame) => this.#inbox.push({ frame, arrived: now() }),
      onDisconnect: () => this.#abandon(),
      onDrained: () => {
        for (const run of this.#runs.values()) run.resume();
      },
    });
    this.#context = { settings, loop, link: this.#link };
    this.#hello();
  }

  /** Serves for ever. @throws When something is broken that the agent cannot mend: the machine then ends. */
  serve(): never {
    for (;;) {
      this.#engine.turn();
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift())
        this.#receive(next.frame, next.arrived);
      for (const run of this.#runs.values()) if (run.report) this.#finish(run);
      if (this.#runs.size === 0) this.#stock.disposeRetired();
    }
  }

  /** Not during a run: the agent waits for what it starts to execute, and the program would write on meanwhile. */
  #replaceSpares(): void {
    if (this.#runs.size === 0) this.#stock.fill();
  }

  #receive({ kind, payload }: Frame, arrived: number): void {
    if (kind !== FrameKind.control) return;
    // The host is trusted, and has the same version of the protocol: it saw the hello.
    const message: HostMessage = JSON.parse(new TextDecoder().decode(payload));
    switch (message.type) {
      case 'hello':
        this.#hello();
        break;
      case 'prepare':
        this.#prepare(message);
        break;
      case 'run':
        this.#run(message, arrived);
        break;
      case 'kill':
        this.#runs.get(message.id)?.kill();
        break;
    }
  }

  #hello(): void {
    const ready = languages.filter(({ zygote }) => this.#stock.spares.get(zygote)?.state === 'waiting');
    this.#link.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      agent: AGENT_VERSION,
      languages: ready.map(({ name }) => name),
    });
  }

  #prepare(request: PrepareRequest): void {
    const draws: Record<string, string> = { kernel: prepareKernel(request) };
    this.#stock.becomeClone();
    this.#stock.fillAndSettle();
    for (const [kind, spare] of this.#stock.spares) {
      if (kind === 'launcher') continue;
      spare.order({ do: 'reseed' });
      this.#engine.waitUntil(`reseed of ${kind}`, () => spare.answers.length > 0 || spare.state === 'ended');
      draws[kind] = spare.answers.shift()?.split(' ')[1] ?? '';
    }
    this.#link.send({ type: 'prepared', ...currentIdentity(), nowMicros: Date.now() * 1000, draws });
  }

  #run(request: RunRequest, arrived: number): void {
    setClock(request.nowMicros);
    const language = languages.find(({ name }) => name === request.language);
    try {
      if (!language) throw new WorkspaceError(`no such language: ${request.language}`);
      const words = [...request.args, ...Object.entries(request.env).flat()];
      if (words.some((word) => word.includes('\0')))
        throw new WorkspaceError('a NUL in an argument or variable');
      const kind = needsFreshInterpreter(request, language, this.#settings.home)
        ? 'launcher'
        : language.zygote;
      const sacrifice = request.warmUp && kind === 'bun' ? this.#stock.takeSacrifice() : undefined;
      if (request.warmUp && kind === 'bun' && !sacrifice) {
        const report = this.#warmInside(request, language);
        this.#restoreStock();
        this.#link.send(report);
        return;
      }
      writeFiles(this.#settings, [...Object.entries(request.files), [language.fileName, request.code]]);
      const spare = sacrifice ?? this.#stock.take(kind);
      try {
        this.#runs.set(request.id, new Run(request, language, spare, arrived, this.#context));
      } catch (error) {
        this.#stock.giveBack(spare);
        throw error;
      }
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      const message = error.message.slice(0, MESSAGE_CHARACTERS);
      this.#link.send({ type: 'refused', id: request.id, message });
    }
  }

  #finish(run: Run): void {
    const { report, spare, request, language } = run;
    if (!report) return;
    this.#runs.delete(request.id);
    if (!request.warmUp) {
      this.#link.send(report);
      this.#stock.retire(spare);
      this.#replace.at = now() + REPLACE_AFTER_MS;
      return;
    }
    this.#stock.retire(spare);
    if (spare.kind === 'bun') this.#warmInside(request, language, () => {});
    this.#restoreStock();
    this.#link.send(report);
  }

  #warmInside(
    request: RunRequest,
    language: Language,
    send = (frame: Uint8Array) => this.#link.queue(frame),
  ) {
    const spare = this.#stock.take('bun');
    this.#engine.waitUntil('start of bun', () => spare.state !== 'starting');
    const report = warmInside(this.#engine, this.#settings, spare, request, language, send);
    if (spare.state === 'waiting') this.#stock.giveBack(spare);
    else this.#stock.retire(spare);
    return report;
  }

  /** Brings the guest back to where it was before a warm-up. */
  #restoreStock(): void {
    // A starting process may have a file in the working directory.
    this.#stock.settle();
    this.#engine.waitUntil('end of a warm-up', () => this.#stock.disposeRetired());
    cleanWorkspace(this.#settings);
    this.#stock.fillAndSettle();
  }

  #abandon(): void {
    this.#inbox.length = 0;
    for (const run of this.#runs.values()) run.kill();
  }
}
