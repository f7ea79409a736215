/**
 * The host's end of the link to a guest's agent. Everything that arrives is hostile input: each frame is
 * bounded before it is stored and checked before it is used, and a guest that breaks the protocol loses its
 * link, which ends every wait on it.
 *
 * Each frame is charged to what the host asked for: an output frame takes at least a byte of its run's limit, a
 * message answers one question. So what a guest can send in all is bounded, and with it what it costs; how fast it
 * comes is bounded by turns.
 */
import type { Socket } from 'node:net';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { sleep, within } from '../lib/deadline.ts';
import {
  decodeOutput,
  encodeControl,
  FRAME_LIMIT,
  type Frame,
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
  type ResumeRequest,
  type RunRequest,
  type StatsReply,
} from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { AgentLinkError, RunRefusedError } from './errors.ts';
import { FrameSocket, openSocket } from './frame-socket.ts';
import { Resync } from './resync.ts';

/** Takes a run's output as it comes. `chunk` is the receiver's to keep. */
export type OutputListener = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

/** Largest message of an agent, bytes. A refusal, the longest, has 6 KiB if JSON escapes each of its characters. */
const MESSAGE_BYTES = 16 * 1024;

/** What may wait for a guest that does not read before it is sent no further run, bytes. */
const BACKLOG_BYTES = FRAME_LIMIT.fromHost;

/** How a guest is taken over. It may not have noticed yet that its host is gone: then it has to see this one go. */
const PATIENCE = { attempts: 3, answerMs: 5_000, pauseMs: 500 };

/** A run that an earlier host began, with `keep`. */
export type KeptRun = {
  readonly id: number;
  /** As it was begun with, bytes. */
  readonly outputLimitBytes: number;
};

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
  readonly #socket: FrameSocket;
  readonly #closed = Promise.withResolvers<AgentLinkError>();
  readonly #runs = new Map<number, Run>();
  #hello: PromiseWithResolvers<HelloReply> | undefined;
  #prepared: PromiseWithResolvers<PreparedReply> | undefined;
  #stats: { readonly id: number; readonly answer: PromiseWithResolvers<StatsReply> } | undefined;
  #nextStats = 0;
  #failure: AgentLinkError | undefined;

  private constructor(socket: Socket, resync?: Resync) {
    this.closed = this.#closed.promise;
    this.#socket = new FrameSocket(socket, resync, {
      onFrame: (frame) => this.#take(frame),
      onEnd: (failure) => this.#onEnd(failure),
    });
  }

  /**
   * Connects to the agent's socket, which QEMU has opened.
   * @throws {AgentLinkError} When nobody listens there.
   */
  static async connect(path: string): Promise<AgentLink> {
    return new AgentLink(await openSocket(path));
  }

  /**
   * Connects to the agent of a guest that an earlier host has used. The guest's CPU must be running.
   * @throws {AgentLinkError} When nobody listens there, or the agent does not answer.
   */
  static async attach(path: string, { attempts, answerMs, pauseMs } = PATIENCE): Promise<AgentLink> {
    for (let attempt = 1; ; attempt += 1) {
      const resync = new Resync();
      const link = new AgentLink(await openSocket(path), resync);
      link.#send({ type: 'attach', nonce: resync.nonce });
      const failed = link.closed.then((failure) => Promise.reject(failure));
      try {
        await within(answerMs, 'the agent to answer a new host', Promise.race([resync.found, failed]));
        return link;
      } catch (cause) {
        link[Symbol.dispose]();
        if (attempt >= attempts) throw new AgentLinkError('the agent does not take a new host', { cause });
        await sleep(pauseMs);
      }
    }
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
    return this.#follow(request, request.outputLimitBytes, onOutput);
  }

  /**
   * Takes up a run that an earlier host began: its output from the first byte on, then its exit, also of one that has
   * ended. The request is written before this returns.
   * @throws {RunRefusedError} When the agent could not start it, or has not kept it.
   * @throws {AgentLinkError} When the link ends first.
   */
  resumeRun({ id, outputLimitBytes }: KeptRun, onOutput: OutputListener): Promise<ExitReport> {
    return this.#follow({ type: 'resume', id }, outputLimitBytes, onOutput);
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
    this.#socket.end(new AgentLinkError('the guest was let go'));
  }

  #follow(
    request: RunRequest | ResumeRequest,
    outputLeft: number,
    onOutput: OutputListener,
  ): Promise<ExitReport> {
    const { id } = request;
    if (this.#runs.has(id)) throw new Error(`run ${id} is under way already`);
    const exit = this.#waiter<ExitReport>();
    if (this.#socket.backlogBytes > BACKLOG_BYTES) {
      exit.reject(new RunRefusedError('the runner does not take in what it is sent'));
    } else if (!this.#failure) {
      this.#runs.set(id, { exit, onOutput, outputLeft });
      this.#send(request);
    }
    return exit.promise;
  }

  /** A wait that the end of the link settles, whether or not somebody still listens. */
  #waiter<T>(): PromiseWithResolvers<T> {
    const waiter = Promise.withResolvers<T>();
    waiter.promise.catch(() => {});
    if (this.#failure) waiter.reject(this.#failure);
    return waiter;
  }

  #send(message: HostMessage): void {
    this.#socket.write(encodeControl(message));
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

  #onEnd(failure: AgentLinkError): void {
    this.#failure = failure;
    this.#hello?.reject(failure);
    this.#prepared?.reject(failure);
    this.#stats?.answer.reject(failure);
    for (const run of this.#runs.values()) run.exit.reject(failure);
    this.#runs.clear();
    this.#closed.resolve(failure);
  }
}
