/**
 * The host's end of the link to a guest's agent. Everything that arrives is hostile input: each frame is
 * bounded before it is stored and checked before it is used, and a guest that breaks the protocol loses its
 * link, which ends every wait on it.
 *
 * Each frame is charged to what the host asked for: an output frame takes at least a byte of its run's limit, a
 * message answers one question. So what a guest can send in all is bounded, and with it what it costs; how fast it
 * comes is bounded by turns.
 */
import { connect, type Socket } from 'node:net';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import {
  decodeOutput,
  encodeControl,
  FRAME_LIMIT,
  type Frame,
  FrameDecoder,
  FrameError,
  FrameKind,
} from '../protocol/frame.ts';
import {
  AgentMessage,
  type ExitReport,
  type HelloReply,
  type HostMessage,
  type NetworkExit,
  type PreparedReply,
  type PrepareRequest,
  type RunRequest,
  type StatsReply,
} from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { AgentLinkError, RunRefusedError } from './errors.ts';

/** Takes a run's output as it comes. `chunk` is the receiver's to keep. */
export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

/** A run that an earlier host began. */
export type KeptRun = { readonly id: number; readonly outputLimitBytes: number };

/** Largest message of an agent, bytes. A refusal, the longest, has 6 KiB if JSON escapes each of its characters. */
const MESSAGE_BYTES = 16 * 1024;

/**
 * Frames that a guest may have taken in one turn of the event loop. A chunk of the socket holds 22 000 of the
 * smallest, about 25 ms of work: what is over waits for the next turn, so that other guests get theirs.
 */
const FRAMES_PER_TURN = 128;

/** What may wait for a guest that does not read before it is sent no further run, bytes. */
const BACKLOG_BYTES = FRAME_LIMIT.fromHost;

type Run = {
  readonly exit: PromiseWithResolvers<ExitReport>;
  readonly onOutput: OutputListener;
  outputLeft: number;
};

const agentMessage = TypeCompiler.Compile(AgentMessage);
const utf8 = new TextDecoder('utf-8', { fatal: true });

export class AgentLink implements Disposable {
  /** Settles with the reason when the link has ended. Never rejects. */
  readonly closed: Promise<AgentLinkError>;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
  readonly #closed = Promise.withResolvers<AgentLinkError>();
  readonly #runs = new Map<number, Run>();
  #hello: PromiseWithResolvers<HelloReply> | undefined;
  #prepared: PromiseWithResolvers<PreparedReply> | undefined;
  #stats: { readonly id: number; readonly answer: PromiseWithResolvers<StatsReply> } | undefined;
  #nextStats = 0;
  /** What a turn has left of the chunk that came last. The socket is paused meanwhile. */
  #rest: Iterator<Frame, void> | undefined;
  #isClosed = false;
  #failure: AgentLinkError | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = this.#closed.promise;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', (cause) => this.#end(new AgentLinkError('the agent link broke', { cause })));
    socket.on('close', () => this.#socketClosed());
  }

  /**
   * Connects to the agent's socket, which QEMU has opened.
   * @throws {AgentLinkError} When nobody listens there.
   */
  static async connect(path: string): Promise<AgentLink> {
    const socket = connect({ path });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve);
    socket.once('error', reject);
    try {
      await promise;
    } catch (cause) {
      throw new AgentLinkError('the agent socket cannot be reached', { cause });
    }
    socket.off('error', reject);
    return new AgentLink(socket);
  }

  /**
   * Waits for the agent's hello.
   * @param ask Whether to ask for it; an agent that starts says it unasked.
   * @throws {AgentLinkError} When the link ends first.
   */
  hello({ ask }: { ask: boolean }): Promise<HelloReply> {
    this.#hello ??= this.#waiter<HelloReply>();
    if (ask) this.#send({ type: 'hello', protocol: PROTOCOL_VERSION });
    return this.#hello.promise;
  }

  /**
   * Makes a restored clone its own machine.
   * @throws {AgentLinkError} When the link ends first.
   */
  prepare(request: PrepareRequest): Promise<PreparedReply> {
    this.#prepared ??= this.#waiter<PreparedReply>();
    this.#send(request);
    return this.#prepared.promise;
  }

  /** Tells the agent of a way out. The message is written before this returns; runs that follow find it done. */
  connect(exit: NetworkExit): void {
    this.#send({ type: 'connect', ...exit });
  }

  /**
   * Starts a run. The request is written before this returns.
   * @throws {RunRefusedError} When the agent could not start it, or has not read what it was sent before.
   * @throws {AgentLinkError} When the link ends first.
   */
  run(request: RunRequest, onOutput: OutputListener): Promise<ExitReport> {
    if (this.#runs.has(request.id)) throw new Error(`run ${request.id} is under way already`);
    const exit = this.#waiter<ExitReport>();
    if (this.#socket.writableLength > BACKLOG_BYTES) {
      exit.reject(new RunRefusedError('the runner does not take in what it is sent'));
    } else if (!this.#failure) {
      this.#runs.set(request.id, { exit, onOutput, outputLeft: request.outputLimitBytes });
      this.#send(request);
    }
    return exit.promise;
  }

  async resumeRun(run: KeptRun, onOutput: OutputListener): Promise<ExitReport> {
    void run;
    void onOutput;
    throw new RunRefusedError('not yet');
  }

  static async attach(path: string): Promise<AgentLink> {
    return AgentLink.connect(path);
  }

  /** Kills a run's processes; its exit follows. Of a run that has ended nothing is left to kill. */
  kill(id: number): void {
    if (this.#runs.has(id)) this.#send({ type: 'kill', id });
  }

  /**
   * Asks how the guest is. Whoever asks while an answer is awaited shares it: a guest that does not answer is
   * asked once.
   * @throws {AgentLinkError} When the link ends first.
   */
  stats(): Promise<StatsReply> {
    if (this.#stats) return this.#stats.answer.promise;
    const answer = this.#waiter<StatsReply>();
    if (!this.#failure) {
      const id = this.#nextStats;
      this.#nextStats = (id + 1) % 2 ** 32;
      this.#stats = { id, answer };
      this.#send({ type: 'stats', id });
    }
    return answer.promise;
  }

  [Symbol.dispose](): void {
    this.#end(new AgentLinkError('the guest was let go'));
  }

  /** A wait that the end of the link settles, whether or not somebody still listens. */
  #waiter<T>(): PromiseWithResolvers<T> {
    const waiter = Promise.withResolvers<T>();
    waiter.promise.catch(() => {});
    if (this.#failure) waiter.reject(this.#failure);
    return waiter;
  }

  #send(message: HostMessage): void {
    if (!this.#failure) this.#socket.write(encodeControl(message));
  }

  #receive(chunk: Uint8Array): void {
    this.#takeTurn(this.#decoder.push(chunk));
  }

  /** Takes of a chunk's frames as many as a turn allows. */
  #takeTurn(frames: Iterator<Frame, void>): void {
    try {
      for (let taken = 0; taken < FRAMES_PER_TURN; taken += 1) {
        if (this.#failure) return;
        const next = frames.next();
        if (next.done) {
          if (this.#rest) this.#goOn();
          return;
        }
        this.#take(next.value);
      }
      this.#rest = frames;
      this.#socket.pause();
      setImmediate(() => this.#takeTurn(frames));
    } catch (cause) {
      const what = cause instanceof FrameError ? cause.message : 'a message that cannot be read';
      this.#end(new AgentLinkError(`the guest broke the agent protocol: ${what}`, { cause }));
    }
  }

  /** The chunk that took more than a turn is done with. */
  #goOn(): void {
    this.#rest = undefined;
    if (this.#isClosed) this.#socketClosed();
    else this.#socket.resume();
  }

  /** A paused socket tells of its end as soon as nothing waits in it: what came before is taken first. */
  #socketClosed(): void {
    this.#isClosed = true;
    if (!this.#rest) this.#end(new AgentLinkError('the agent link was closed'));
  }

  #take(frame: Frame): void {
    if (frame.kind === FrameKind.control) {
      if (frame.payload.length > MESSAGE_BYTES) throw new FrameError('a message that is too long');
      this.#takeMessage(JSON.parse(utf8.decode(frame.payload)));
      return;
    }
    const { runId, chunk } = decodeOutput(frame.payload);
    const run = this.#runs.get(runId);
    if (!run) throw new FrameError('output of a run that is not under way');
    if (chunk.length === 0) throw new FrameError('output of no bytes');
    run.outputLeft -= chunk.length;
    if (run.outputLeft < 0) throw new FrameError('more output than the run may have');
    run.onOutput(frame.kind === FrameKind.stdout ? 'stdout' : 'stderr', chunk);
  }

  #takeMessage(message: unknown): void {
    if (!agentMessage.Check(message)) throw new FrameError('a message of unknown form');
    switch (message.type) {
      case 'hello':
        if (!this.#hello) throw new FrameError('a hello that nobody asked for');
        this.#hello.resolve(message);
        this.#hello = undefined;
        return;
      case 'prepared':
        if (!this.#prepared) throw new FrameError('a proof that nobody asked for');
        this.#prepared.resolve(message);
        this.#prepared = undefined;
        return;
      case 'stats':
        if (this.#stats?.id !== message.id) throw new FrameError('figures that nobody asked for');
        this.#stats.answer.resolve(message);
        this.#stats = undefined;
        return;
      case 'exit':
        this.#takeRun(message.id).exit.resolve(message);
        return;
      case 'refused':
        this.#takeRun(message.id).exit.reject(new RunRefusedError(message.message));
        return;
    }
  }

  #takeRun(id: number): Run {
    const run = this.#runs.get(id);
    if (!run) throw new FrameError('an answer about a run that is not under way');
    this.#runs.delete(id);
    return run;
  }

  #end(failure: AgentLinkError): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#socket.destroy();
    this.#hello?.reject(failure);
    this.#prepared?.reject(failure);
    this.#stats?.answer.reject(failure);
    for (const run of this.#runs.values()) run.exit.reject(failure);
    this.#runs.clear();
    this.#closed.resolve(failure);
  }
}
