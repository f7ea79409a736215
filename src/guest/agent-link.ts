/**
 * The host's end of the link to a guest's agent. Everything that arrives is hostile input: each frame is
 * bounded before it is stored and checked before it is used, and a guest that breaks the protocol loses its
 * link, which ends every wait on it.
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
  type PreparedReply,
  type PrepareRequest,
  type RunRequest,
  type StatsReply,
} from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { AgentLinkError, RunRefusedError } from './errors.ts';

/** Takes a run's output as it comes. `chunk` is the receiver's to keep. */
export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

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
  #failure: AgentLinkError | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = this.#closed.promise;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', (cause) => this.#end(new AgentLinkError('the agent link broke', { cause })));
    socket.on('close', () => this.#end(new AgentLinkError('the agent link was closed')));
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

  /**
   * Starts a run. The request is written before this returns.
   * @throws {RunRefusedError} When the agent could not start it.
   * @throws {AgentLinkError} When the link ends first.
   */
  run(request: RunRequest, onOutput: OutputListener): Promise<ExitReport> {
    if (this.#runs.has(request.id)) throw new Error(`run ${request.id} is under way already`);
    const exit = this.#waiter<ExitReport>();
    if (!this.#failure) {
      this.#runs.set(request.id, { exit, onOutput, outputLeft: request.outputLimitBytes });
      this.#send(request);
    }
    return exit.promise;
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
    try {
      for (const frame of this.#decoder.push(chunk)) {
        if (this.#failure) return;
        this.#take(frame);
      }
    } catch (cause) {
      const what = cause instanceof FrameError ? cause.message : 'a message that cannot be read';
      this.#end(new AgentLinkError(`the guest broke the agent protocol: ${what}`, { cause }));
    }
  }

  #take(frame: Frame): void {
    if (frame.kind === FrameKind.control) {
      this.#takeMessage(JSON.parse(utf8.decode(frame.payload)));
      return;
    }
    const { runId, chunk } = decodeOutput(frame.payload);
    const run = this.#runs.get(runId);
    if (!run) throw new FrameError('output of a run that is not under way');
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
