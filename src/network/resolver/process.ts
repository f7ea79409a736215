/** One process of the resolver: start, messages, end. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { bareEnvironment } from '../../lib/child-environment.ts';
import { within } from '../../lib/deadline.ts';
import type { NameRecord } from '../port.ts';
import type { ResolverCommand } from './command.ts';
import { ResolverError } from './errors.ts';
import { LINE_BYTES } from './limits.ts';
import { LineSplitter } from './lines.ts';
import { ProcessMessage, type ServerMessage } from './messages.ts';

/** How long the process may take until it listens, ms. It takes half a second on a busy core. */
const START_DEADLINE_MS = 20_000;

/** How much of the process's own messages is kept, characters. */
const LOG_TAIL = 4096;

/** How long the process may keep the server waiting for an answer, ms: it takes one packet at a time. */
const STUCK_MS = 10_000;

/** What may wait for a process that does not read, bytes. */
const BACKLOG_BYTES = 1024 * 1024;

const processMessage = TypeCompiler.Compile(ProcessMessage);

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export class ResolverProcess implements AsyncDisposable {
  /** Settles when the process has ended, with the error that says how. Never rejects. */
  readonly ended: Promise<ResolverError>;
  readonly #child: Child;
  readonly #ready = Promise.withResolvers<void>();
  readonly #questions = new Map<number, PromiseWithResolvers<readonly NameRecord[]>>();
  #nextQuestion = 0;
  #log = '';
  #misdeed: unknown;
  #failure: ResolverError | undefined;

  private constructor(child: Child) {
    this.#child = child;
    this.#ready.promise.catch(() => {});
    const { promise, resolve } = Promise.withResolvers<ResolverError>();
    this.ended = promise;
    const end = (how: string) => {
      const log = this.#log.trim();
      const failure = new ResolverError(`the resolver ${how}${log && `:\n${log}`}`, { cause: this.#misdeed });
      this.#failure = failure;
      this.#ready.reject(failure);
      for (const question of this.#questions.values()) question.reject(failure);
      resolve(failure);
    };
    child.once('error', ({ message }) => end(`could not be started (${message})`));
    child.once('close', (code, signal) =>
      end(signal ? `was ended by ${signal}` : `ended with status ${code}`),
    );
    // Its end is told by `close`.
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_TAIL);
    });
    const lines = new LineSplitter(LINE_BYTES);
    child.stdout.on('data', (chunk: Uint8Array) => this.#receive(lines.push(chunk)));
  }

  /**
   * Starts the process, and waits until it listens.
   * @throws {ResolverError} When it ends before.
   * @throws {DeadlineError} When it takes too long.
   * @throws The signal's reason when it is aborted.
   */
  static async start(
    { command: [program, ...args], environment, message }: ResolverCommand,
    signal?: AbortSignal,
  ): Promise<ResolverProcess> {
    const child = spawn(program, args, {
      // Where no settings of the runtime lie.
      cwd: '/',
      // A group of its own: Ctrl-C is for the server.
      detached: true,
      env: { ...bareEnvironment(), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await using stack = new AsyncDisposableStack();
    const started = stack.use(new ResolverProcess(child));
    started.send(message);
    await within(START_DEADLINE_MS, 'the resolver to listen', started.#ready.promise, signal);
    stack.move();
    return started;
  }

  /** Does nothing after the process's end. */
  send(message: ServerMessage): void {
    const { stdin } = this.#child;
    if (!stdin.writable) return;
    stdin.write(`${JSON.stringify(message)}\n`);
    if (stdin.writableLength > BACKLOG_BYTES) this.#kill('it does not read what it is sent');
  }

  /**
   * A process that keeps the server waiting for long is ended.
   * @throws {ResolverError} When the process has ended, or ends first.
   */
  names(address: string): Promise<readonly NameRecord[]> {
    const question = Promise.withResolvers<readonly NameRecord[]>();
    if (this.#failure) {
      question.reject(this.#failure);
      return question.promise;
    }
    const id = this.#nextQuestion;
    this.#nextQuestion += 1;
    this.#questions.set(id, question);
    const stuck = setTimeout(() => this.#kill('it does not answer the server'), STUCK_MS);
    this.send({ type: 'names', id, address });
    return question.promise.finally(() => {
      clearTimeout(stuck);
      this.#questions.delete(id);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill('it was stopped');
    await this.ended;
  }

  #receive(lines: Iterable<string>): void {
    try {
      for (const line of lines) this.#take(JSON.parse(line));
    } catch (cause) {
      this.#kill(cause);
    }
  }

  #take(message: unknown): void {
    if (!processMessage.Check(message))
      throw new ResolverError('the resolver sent a message of unknown form');
    if (message.type === 'ready') {
      this.#ready.resolve();
      return;
    }
    // Whoever asked may have given up by now.
    this.#questions.get(message.id)?.resolve(message.names);
  }

  #kill(reason: unknown): void {
    this.#misdeed ??= reason;
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) this.#child.kill('SIGKILL');
  }
}
