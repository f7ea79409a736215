/** Obeys the host: says hello, prepares the clone, runs programs, keeps a waiting process for each language. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Frame, FrameKind } from '../../src/protocol/frame.ts';
import type { HostMessage, PrepareRequest, RunRequest } from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { languages } from '../languages/mod.ts';
import { needsFreshInterpreter } from './environment.ts';
import { setClock } from './kernel.ts';
import { findPort, Link } from './link.ts';
import { Loop, now, type Timer } from './loop.ts';
import { currentIdentity, prepareKernel } from './prepare.ts';
import { Reaper } from './reaper.ts';
import { Run } from './run.ts';
import type { Settings } from './settings.ts';
import type { Spare, ZygoteKind } from './spare.ts';
import { cleanWorkspace, WorkspaceError, writeFiles } from './workspace.ts';
import { BUN_ENTRY, Zygotes } from './zygotes.ts';

const AGENT_VERSION = '0.1.0';
/** A waiting process that takes longer to start or to answer is broken. Generous: the processor may be emulated. */
const PATIENCE_MS = 60_000;
/** How long after a run the next process is started: by then the host has ended a guest that serves only once. */
const REPLACE_AFTER_MS = 50;
const POLL_MS = 5;

export class Agent {
  readonly #settings: Settings;
  readonly #loop = new Loop();
  readonly #reaper = new Reaper(this.#loop);
  readonly #zygotes: Zygotes;
  readonly #kinds = new Set<ZygoteKind>([...languages.map(({ zygote }) => zygote), 'launcher']);
  readonly #link: Link;
  readonly #inbox: { frame: Frame; arrived: number }[] = [];
  readonly #spares = new Map<ZygoteKind, Spare>();
  readonly #runs = new Map<number, Run>();
  /** Ended, with processes that may still be about to die. */
  readonly #retired: Spare[] = [];
  readonly #replace: Timer = { at: undefined, onTime: () => this.#startSpares() };
  readonly #wake: Timer = { at: undefined, onTime: () => {} };

  /** Starts all waiting processes and waits for them; then opens the port and says hello. */
  constructor(settings: Settings) {
    this.#settings = settings;
    mkdirSync(settings.runtime, { recursive: true });
    mkdirSync(settings.cgroup, { recursive: true });
    writeFileSync(join(settings.cgroup, 'cgroup.subtree_control'), '+cpu +memory +pids');
    this.#loop.addTimer(this.#replace);
    this.#loop.addTimer(this.#wake);
    this.#zygotes = new Zygotes(settings, this.#loop, this.#reaper, this.#kinds);
    this.#startSpares();
    this.#waitForSpares();
    this.#link = new Link(this.#loop, settings.port ?? findPort(), {
      onFrame: (frame) => this.#inbox.push({ frame, arrived: now() }),
      onDisconnect: () => this.#abandon(),
      onDrained: () => {
        for (const run of this.#runs.values()) run.resume();
      },
    });
    this.#hello();
  }

  /** Serves for ever. @throws When something is broken that the agent cannot mend: the machine then ends. */
  serve(): never {
    for (;;) {
      this.#turn();
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift())
        this.#receive(next.frame, next.arrived);
      for (const run of this.#runs.values()) if (run.report) this.#finish(run);
      this.#disposeRetired();
    }
  }

  #turn(): void {
    this.#loop.turn();
    this.#reaper.reap();
  }

  /** @throws When `done` does not become true. */
  #waitUntil(what: string, done: () => boolean): void {
    const end = now() + PATIENCE_MS;
    while (!done()) {
      if (now() > end) throw new Error(`waited in vain: ${what}`);
      this.#wake.at = now() + POLL_MS;
      this.#turn();
    }
    this.#wake.at = undefined;
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
    const ready = languages.filter(({ zygote }) => this.#spares.get(zygote)?.state === 'waiting');
    this.#link.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      agent: AGENT_VERSION,
      languages: ready.map(({ name }) => name),
    });
  }

  #prepare(request: PrepareRequest): void {
    const draws: Record<string, string> = { kernel: prepareKernel(request) };
    this.#waitForSpares();
    for (const [kind, spare] of this.#spares) {
      if (kind === 'launcher') continue;
      spare.order({ do: 'reseed' });
      this.#waitUntil(`reseed of ${kind}`, () => spare.answers.length > 0 || spare.state === 'ended');
      draws[kind] = spare.answers.shift()?.split(' ')[1] ?? '';
    }
    this.#link.send({ type: 'prepared', ...currentIdentity(), nowMicros: Date.now() * 1000, draws });
  }

  #run(request: RunRequest, arrived: number): void {
    setClock(request.nowMicros);
    const language = languages.find(({ name }) => name === request.language);
    if (!language) {
      this.#refuse(request.id, `no such language: ${request.language}`);
      return;
    }
    try {
      const fresh =
        language.zygote !== 'launcher' && needsFreshInterpreter(request, language.zygote, BUN_ENTRY);
      const files = Object.entries(request.files);
      const inSpare = request.warmUp && language.zygote === 'bun';
      if (!inSpare) files.push([language.fileName, request.code]);
      writeFiles(this.#settings, files);
      const spare = this.#takeSpare(fresh ? 'launcher' : language.zygote);
      const context = { settings: this.#settings, loop: this.#loop, link: this.#link };
      this.#runs.set(request.id, new Run(request, language, spare, arrived, context));
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      this.#refuse(request.id, error.message);
    }
  }

  #refuse(id: number, message: string): void {
    this.#link.send({ type: 'refused', id, message: message.slice(0, 1024) });
  }

  #takeSpare(kind: ZygoteKind): Spare {
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    return spare && spare.state !== 'ended' ? spare : this.#zygotes.start(kind);
  }

  #finish(run: Run): void {
    this.#runs.delete(run.request.id);
    const { report, spare, request } = run;
    if (!report) return;
    if (!request.warmUp) this.#link.send(report);
    if (spare.state === 'waiting') this.#spares.set(spare.kind, spare);
    else {
      spare.slot.cgroup.kill();
      this.#retired.push(spare);
    }
    if (!request.warmUp) {
      this.#replace.at = now() + REPLACE_AFTER_MS;
      return;
    }
    this.#waitUntil('end of a warm-up', () => this.#disposeRetired());
    cleanWorkspace(this.#settings);
    this.#startSpares();
    this.#waitForSpares();
    this.#link.send(report);
  }

  /** Starts what is missing. */
  #startSpares(): void {
    for (const kind of this.#kinds)
      if ((this.#spares.get(kind)?.state ?? 'ended') === 'ended') this.#startSpare(kind);
  }

  #startSpare(kind: ZygoteKind): void {
    const spare = this.#zygotes.start(kind);
    this.#spares.set(kind, spare);
    spare.onChange = () => {
      if (spare.state !== 'starting') this.#zygotes.settled(kind);
    };
  }

  /** @throws When one of them has ended instead. */
  #waitForSpares(): void {
    for (const [kind, spare] of this.#spares) {
      this.#waitUntil(`start of ${kind}`, () => spare.state !== 'starting');
      if (spare.state === 'ended')
        throw new Error(`the ${kind} zygote ended: ${spare.complaint()}`);
    }
  }

  /** @returns Whether none is left. */
  #disposeRetired(): boolean {
    for (const spare of this.#retired.slice()) {
      if (spare.slot.cgroup.isPopulated()) continue;
      spare[Symbol.dispose]();
      this.#retired.splice(this.#retired.indexOf(spare), 1);
    }
    return this.#retired.length === 0;
  }

  #abandon(): void {
    this.#inbox.length = 0;
    for (const run of this.#runs.values()) run.kill();
  }
}
