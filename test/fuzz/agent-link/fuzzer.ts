/**
 * Runs hostile agents against real links over a real Unix socket and compares what the host sees with the
 * reference. Anything else than that, be it a wait that hangs or a stray rejection, is a find.
 */
import { readdirSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { AgentLink } from '../../../src/guest/agent-link.ts';
import { RunRefusedError } from '../../../src/guest/errors.ts';
import { FRAME_LIMIT, FrameDecoder, FrameError } from '../../../src/protocol/frame.ts';
import { exitReport, runRequest } from '../../support/agent-messages.ts';
import { nonceOf } from '../../support/attach-nonce.ts';
import { concat } from '../../support/chunks.ts';
import { ScriptedAgent } from '../../support/scripted-agent.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { CLOSED, isPartOf, referenceFrames, referenceOutcome } from './reference.ts';
import { type Answer, ask, type Outcome, type Questions } from './scene.ts';

export type Case = {
  /** The host takes the guest over from another one: what the agent writes before its answer to that. */
  readonly before?: Uint8Array | undefined;
  /** What the agent writes, in the pieces that it writes; each reaches the host on its own. */
  readonly pieces: readonly Uint8Array[];
  /** What it does then: close its end, drop the connection, or nothing, so that the host lets it go. */
  readonly ending: 'hang up' | 'drop' | 'nothing';
  /** What the host does once that many pieces are written. */
  readonly interference?: { readonly after: number; readonly act: 'kill' | 'dispose' } | undefined;
};

export type Verdict = {
  /** Kinds of frames that the host has to take, in their order. */
  readonly taken: readonly string[];
  /** Why the link has to end. */
  readonly end: string;
};

/** How long a wait may hang before it counts as lost, ms. Nothing in a case takes time. */
const PATIENCE_MS = 10_000;
/** A good guest is asked after this many cases. */
const NEIGHBOUR_EVERY = 50;

export class Fuzzer implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #server: Server;
  readonly #path: string;
  readonly #good: ScriptedAgent;
  readonly #neighbour: AgentLink;
  readonly #stray: unknown[] = [];
  readonly #onStray = (error: unknown) => void this.#stray.push(error);
  readonly #sockets: Socket[] = [];
  readonly #accepted: ((socket: Socket) => void)[] = [];
  #cases = 0;
  #nextRun = 0;

  private constructor(folder: TempFolder, good: ScriptedAgent, neighbour: AgentLink) {
    this.#folder = folder;
    this.#path = folder.file('agent.sock');
    this.#good = good;
    this.#neighbour = neighbour;
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume();
      const taker = this.#accepted.shift();
      if (taker) taker(socket);
      else this.#sockets.push(socket);
    });
    process.on('unhandledRejection', this.#onStray);
    process.on('uncaughtException', this.#onStray);
  }

  static async start(): Promise<Fuzzer> {
    const good = await ScriptedAgent.start();
    const fuzzer = new Fuzzer(await TempFolder.create(), good, await AgentLink.connect(good.path));
    await new Promise<void>((resolve) => fuzzer.#server.listen(fuzzer.#path, resolve));
    return fuzzer;
  }

  /** How many cases were run. */
  get cases(): number {
    return this.#cases;
  }

  /**
   * Runs one case.
   * @throws {Error} When the host did not do with it what it must.
   */
  async run(fuzzCase: Case): Promise<Verdict> {
    this.#cases += 1;
    const whole = new Uint8Array(Buffer.concat(fuzzCase.pieces));
    compareDecoder(fuzzCase.pieces, whole);
    const { outcome: expected, taken } = referenceOutcome(whole);
    const isBroken = expected.end !== CLOSED;
    const seen = await inTime(this.#play(fuzzCase, isBroken), 'a wait or a link did not end');
    const isWhole = fuzzCase.ending === 'hang up' && !fuzzCase.interference;
    if (isWhole ? !Bun.deepEquals(seen, expected, true) : !isPartOf(seen, expected)) {
      throw new Error(`the host saw ${brief(seen)} instead of ${brief(expected)}`);
    }
    if (this.#cases % NEIGHBOUR_EVERY === 0) await this.check();
    return { taken, end: expected.end };
  }

  /**
   * Checks that nothing went astray and that another guest is served as ever.
   * @throws {Error} When that is not so.
   */
  async check(): Promise<void> {
    const id = this.#nextRun++;
    const text = `still here ${id}`;
    let printed = '';
    const run = this.#neighbour.run(runRequest(id), (_, chunk) => {
      printed += Buffer.from(chunk).toString();
    });
    await inTime(this.#good.next(), 'the other guest was not asked');
    await this.#good.output('stdout', id, text);
    await this.#good.send(exitReport(id));
    const report = await inTime(run, 'the other guest was not heard');
    if (printed !== text || report.id !== id) throw new Error(`the other guest was heard to say ${printed}`);
    if (this.#stray.length > 0) {
      throw new Error(`nobody caught ${this.#stray.length} failures`, { cause: this.#stray.splice(0)[0] });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('unhandledRejection', this.#onStray);
    process.off('uncaughtException', this.#onStray);
    this.#neighbour[Symbol.dispose]();
    await this.#good[Symbol.asyncDispose]();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#folder[Symbol.asyncDispose]();
  }

  /** @param isBroken Whether the host must end the link by itself. */
  async #play({ before, pieces, ending, interference }: Case, isBroken: boolean): Promise<Outcome> {
    const accepted = this.#accept();
    const linking = before ? AgentLink.attach(this.#path) : AgentLink.connect(this.#path);
    const socket = await accepted;
    if (before) await answerAttach(socket, before);
    using link = await linking;
    const gone = new Promise((resolve) => socket.once('close', resolve));
    const questions = ask(link);
    const answers = collect(questions, link);
    for (const [index, piece] of pieces.entries()) {
      if (interference?.after === index) interfere(link, interference.act);
      socket.write(piece);
      await turn();
    }
    if (ending === 'hang up') socket.end();
    else if (ending === 'drop') socket.destroy();
    else if (!isBroken) link[Symbol.dispose]();
    const outcome = await answers;
    // The host's end of the socket must go by itself.
    await gone;
    return outcome;
  }

  #accept(): Promise<Socket> {
    const socket = this.#sockets.shift();
    if (socket) return Promise.resolve(socket);
    return new Promise((resolve) => this.#accepted.push(resolve));
  }
}

/** Open descriptors of this process. */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

/** Answers a host that takes the guest over. */
async function answerAttach(socket: Socket, before: Uint8Array): Promise<void> {
  const decoder = new FrameDecoder(FRAME_LIMIT.fromHost);
  const { promise: nonce, resolve } = Promise.withResolvers<Uint8Array>();
  socket.on('data', (chunk: Uint8Array) => {
    for (const { payload } of decoder.push(chunk)) {
      const message: unknown = JSON.parse(Buffer.from(payload).toString());
      // The questions that follow are not listened to.
      socket.removeAllListeners('data');
      resolve(nonceOf(message));
    }
  });
  socket.write(concat(before, await nonce));
}

function interfere(link: AgentLink, act: 'kill' | 'dispose'): void {
  if (act === 'kill') link.kill(5);
  else link[Symbol.dispose]();
}

async function collect(questions: Questions, link: AgentLink): Promise<Outcome> {
  const reason = link.closed;
  const answerOf = async <T>(wait: Promise<T>): Promise<Answer<T>> => {
    try {
      return { kind: 'answer', value: await wait };
    } catch (error) {
      if (error instanceof RunRefusedError) return { kind: 'refused', message: error.message };
      if (error !== (await reason)) throw new Error('a wait ended otherwise than the link', { cause: error });
      return { kind: 'lost' };
    }
  };
  const [hello, prepared, stats, exits, end] = await Promise.all([
    answerOf(questions.hello),
    answerOf(questions.prepared),
    answerOf(questions.stats),
    Promise.all(questions.exits.map(answerOf)),
    reason,
  ]);
  return { hello, prepared, stats, exits, output: questions.output, end: end.message };
}

/**
 * The decoder alone: the same frames and the same failure, however the stream is cut.
 * @throws {Error} When they differ.
 */
function compareDecoder(pieces: readonly Uint8Array[], whole: Uint8Array): void {
  const expected = referenceFrames(whole);
  const decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
  let count = 0;
  let failure: string | undefined;
  try {
    for (const piece of pieces) {
      for (const { kind, payload } of decoder.push(piece)) {
        const frame = expected.frames[count++];
        const isSame = frame?.kind === kind && Buffer.compare(payload, frame.payload) === 0;
        if (!isSame) throw new Error(`the decoder has another frame ${count - 1}`);
      }
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    failure = error.message;
  }
  if (count !== expected.frames.length || failure !== expected.failure) {
    throw new Error(`the decoder ended after ${count} frames with ${failure}, not ${expected.failure}`);
  }
}

/** Lets a turn of the event loop go by, so that the host reads what was written. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function inTime<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(otherwise)), PATIENCE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const brief = (outcome: Outcome): string => JSON.stringify(outcome).slice(0, 2000);
