/** Obeys the host: says hello, prepares the clone, runs programs. */
import { mkdirSync } from 'node:fs';
import { type Frame, FrameKind } from '../../src/protocol/frame.ts';
import type { HostMessage, PrepareRequest } from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { languages } from '../languages/mod.ts';
import { createParentGroup } from './cgroup.ts';
import { Engine } from './engine.ts';
import { FigureReader } from './figures.ts';
import { correctClock } from './kernel.ts';
import { findPort, Link } from './link.ts';
import { now } from './loop.ts';
import { rehearseExit, setExit } from './network.ts';
import { prepareKernel } from './prepare.ts';
import { ProgramFiles } from './program-files.ts';
import { Remains } from './remains.ts';
import { Runs } from './runs.ts';
import type { Settings } from './settings.ts';
import { Stock } from './stock.ts';
import { WarmUps } from './warm-ups.ts';

const AGENT_VERSION = '0.1.0';

type Received = {
  readonly message: HostMessage;
  /** On the loop's clock. */
  readonly arrived: number;
};

export class Agent {
  readonly #engine = new Engine();
  readonly #figures = new FigureReader();
  readonly #stock: Stock;
  readonly #link: Link;
  #inbox: Received[] = [];
  readonly #runs: Runs;

  /** Starts all waiting processes and waits for them; then opens the port and says hello. */
  constructor(settings: Settings) {
    mkdirSync(settings.runtime, { recursive: true });
    createParentGroup(settings.cgroup, settings.limits.all, settings.controllers);
    const engine = this.#engine;
    const { loop } = engine;
    const programs = new ProgramFiles(settings);
    const remains = new Remains(loop);
    const kinds = new Set([...languages.map(({ zygote }) => zygote), 'launcher' as const]);
    const stock = new Stock(settings, engine, kinds, { programs, remains });
    stock.fillAndSettle();
    rehearseExit();
    const link = new Link(loop, settings.port ?? findPort(), {
      onFrame: (frame) => this.#take(frame),
      onDisconnect: () => this.#onDisconnect(),
      onDrained: () => this.#runs.goOn(),
    });
    const warmUps = new WarmUps({ settings, engine, stock, remains });
    this.#stock = stock;
    this.#link = link;
    this.#runs = new Runs({ settings, loop, link }, { stock, programs, remains, warmUps });
    this.#hello();
  }

  /** Serves for ever. @throws When something is broken that the agent cannot mend: the machine then ends. */
  serve(): never {
    for (;;) {
      this.#engine.turn();
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) this.#receive(next);
      this.#runs.finish();
    }
  }

  #take({ kind, payload }: Frame): void {
    if (kind !== FrameKind.control) return;
    const arrived = now();
    // The host is trusted, and has the same version of the protocol: it saw the hello.
    const message: HostMessage = JSON.parse(new TextDecoder().decode(payload));
    this.#inbox.push({ message, arrived });
  }

  #receive({ message, arrived }: Received): void {
    switch (message.type) {
      case 'hello':
        this.#hello();
        break;
      case 'attach':
        // It may not have come to light that the host before it left.
        this.#link.restart(Buffer.from(message.nonce, 'hex'));
        this.#runs.abandon();
        break;
      case 'prepare':
        this.#prepare(message);
        break;
      case 'connect':
        setExit(message);
        break;
      case 'run':
        correctClock(message.nowMicros);
        this.#runs.start(message, arrived);
        break;
      case 'resume':
        this.#runs.resume(message.id);
        break;
      case 'stats':
        this.#link.send({ type: 'stats', id: message.id, ...this.#figures.read() });
        break;
      case 'kill':
        this.#runs.kill(message.id);
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
    const { draw, ...identity } = prepareKernel(request);
    const draws: Record<string, string> = { kernel: draw };
    this.#stock.becomeClone();
    this.#stock.fillAndSettle();
    const spares = [...this.#stock.spares].filter(([kind]) => kind !== 'launcher');
    for (const [, spare] of spares) spare.order({ do: 'reseed' });
    for (const [kind, spare] of spares) {
      this.#engine.waitUntil(`reseed of ${kind}`, () => spare.answers.length > 0 || spare.state === 'ended');
      draws[kind] = spare.answers.shift()?.split(' ')[1] ?? '';
    }
    this.#link.send({ type: 'prepared', ...identity, nowMicros: Date.now() * 1000, draws });
  }

  #onDisconnect(): void {
    // The next host may have been read already.
    this.#inbox = this.#inbox.filter(
      ({ message }) => message.type === 'attach' || (message.type === 'run' && message.keep),
    );
    this.#runs.abandon();
  }
}
