/** One process of the resolver: start, messages, end. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { RESOLVER_USER } from '../../guest/confinement.ts';
import { bareEnvironment } from '../../lib/child-environment.ts';
import { within } from '../../lib/deadline.ts';
import type { NameRecord } from '../port.ts';
import { ResolverError } from './errors.ts';
import { LINE_BYTES } from './limits.ts';
import { LineSplitter } from './lines.ts';
import { ProcessMessage, type ServerMessage } from './messages.ts';

export type ResolverCommand = {
  /** Of the router; a path that root can open, as `/proc/<pid>/fd/<n>`. Read at each start. */
  readonly networkNamespace: string;
  /** IPv4 address in that namespace to listen on. */
  readonly listen: string;
  /** Name servers to ask, the first first: IPv4 addresses, with a port if it is not 53. */
  readonly upstreams: readonly string[];
};

/** How long the process may take until it listens, ms. It takes half a second on a busy core. */
const START_DEADLINE_MS = 20_000;

/** How much of the process's own messages is kept, characters. */
const LOG_TAIL = 4096;

/** How long the process may keep the server waiting for an answer, ms: it takes one packet at a time. */
const STUCK_MS = 10_000;

/** What may wait for a process that does not read, bytes. */
const BACKLOG_BYTES = 1024 * 1024;

const DNS_PORT = 53;

/**
 * The descriptors are one for each question under way. It writes no file; a core dump would put what guests look up
 * on the host's disk. Threads of a user: the runtime starts about ten.
 */
const LIMITS = ['--core=0', '--fsize=0', '--memlock=0', '--nofile=4096', '--nproc=64'];

/**
 * What root keeps until the process gives up everything by itself, which it does before it reads a packet: to read
 * its own program wherever it lies, to listen on port 53, and to leave the user root and the file system.
 */
const UNTIL_READY = [
  '--bounding-set=-all,+dac_read_search,+net_bind_service,+setgid,+setuid,+sys_chroot',
  '--inh-caps=-all',
  '--ambient-caps=-all',
];

/** Bun, or Deno. Neither keeps a cache, nor looks for a newer one of itself: both would leave files open. */
const RUNTIME =
  'Bun' in globalThis
    ? { options: ['--smol', '--no-install'], environment: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' } }
    : {
        options: ['run', '--allow-all', '--no-prompt', '--no-check', '--no-code-cache'],
        environment: { DENO_DIR: '/dev/null', DENO_NO_UPDATE_CHECK: '1' },
      };

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
  static async start(command: ResolverCommand, signal?: AbortSignal): Promise<ResolverProcess> {
    const { networkNamespace, listen, upstreams } = command;
    const [program, ...args] = confine(networkNamespace, [
      process.execPath,
      ...RUNTIME.options,
      join(import.meta.dirname, 'main.ts'),
    ]);
    const child = spawn(program, args, {
      // Where no settings of the runtime lie.
      cwd: '/',
      // A group of its own: Ctrl-C is for the server.
      detached: true,
      env: { ...bareEnvironment(), ...RUNTIME.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await using stack = new AsyncDisposableStack();
    const started = stack.use(new ResolverProcess(child));
    started.send({ type: 'start', listen, port: DNS_PORT, upstreams, user: RESOLVER_USER });
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

/** The command that runs `command` in the router's network namespace, and with nothing that it does not need. */
const confine = (networkNamespace: string, command: readonly string[]): [string, ...string[]] => [
  ...(['nsenter', `--net=${networkNamespace}`] as const),
  ...['prlimit', ...LIMITS],
  ...['setpriv', '--no-new-privs', ...UNTIL_READY],
  ...command,
];
