/** The host's end of the agent protocol, in the plainest form: for tests of the agent alone. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Value } from '@sinclair/typebox/value';
import {
  decodeOutput,
  encodeControl,
  FRAME_LIMIT,
  FrameDecoder,
  FrameKind,
} from '../../../src/protocol/frame.ts';
import {
  AgentMessage,
  type ExitReport,
  type HelloReply,
  type HostMessage,
  type PreparedReply,
  type RunRefused,
  type RunRequest,
  type StatsReply,
} from '../../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';

export type RunResult = {
  readonly stdout: string;
  readonly stderr: string;
  /** Output in the order it came, adjacent chunks of one stream joined. */
  readonly chunks: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[];
  readonly report: ExitReport;
};

export type RunOptions = Partial<Omit<RunRequest, 'type' | 'id' | 'nowMicros'>>;

export type Started = { readonly id: number; readonly outcome: Promise<ExitReport | RunRefused> };

type Output = { readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array };

export class AgentClient implements Disposable {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder(FRAME_LIMIT.fromGuest);
  readonly #output = new Map<number, Output[]>();
  readonly #waiting: { wants: (message: AgentMessage) => boolean; give: (message: AgentMessage) => void }[] =
    [];
  readonly #messages: AgentMessage[] = [];
  readonly #ended = Promise.withResolvers<never>();
  #runs = 0;
  #asked = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#ended.promise.catch(() => {});
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('close', () => this.#ended.reject(new Error('the agent link ended')));
    socket.on('error', (error) => this.#ended.reject(error));
  }

  send(message: HostMessage): void {
    this.#socket.write(encodeControl(message));
  }

  hello(): Promise<HelloReply> {
    this.send({ type: 'hello', protocol: PROTOCOL_VERSION });
    return this.greeting();
  }

  /** The next hello, asked for or not. */
  greeting(): Promise<HelloReply> {
    return this.#next((message) => message.type === 'hello');
  }

  prepare(hostname = 'clone', machineId = 'ab'.repeat(16)): Promise<PreparedReply> {
    const entropy = randomBytes(64).toString('base64');
    const network = { mac: '52:54:00:10:00:07', address: '172.16.0.7', prefixLength: 12 };
    this.send({ type: 'prepare', entropy, hostname, machineId, nowMicros: Date.now() * 1000, network });
    return this.#next((message) => message.type === 'prepared');
  }

  /** Never answered. */
  connect(gateway: string, resolver: string): void {
    this.send({ type: 'connect', gateway, resolver });
  }

  stats(): Promise<StatsReply> {
    const id = ++this.#asked;
    this.send({ type: 'stats', id });
    return this.#next<StatsReply>((message) => message.type === 'stats' && message.id === id);
  }

  /** Starts a program; `outcome` is its report or refusal. */
  start(options: RunOptions): Started {
    const id = ++this.#runs;
    this.#output.set(id, []);
    this.send({
      type: 'run',
      id,
      warmUp: false,
      keep: false,
      nowMicros: Date.now() * 1000,
      language: 'javascript',
      code: '',
      stdin: '',
      args: [],
      env: {},
      files: {},
      timeLimitMs: 60_000,
      outputLimitBytes: 16 * 1024 * 1024,
      ...options,
    });
    const outcome = this.#next<ExitReport | RunRefused>(
      (message) => (message.type === 'exit' || message.type === 'refused') && message.id === id,
    );
    return { id, outcome };
  }

  /** Runs a program to its end. @throws When it is refused or the guest ends. */
  async run(language: string, code: string, options: RunOptions = {}): Promise<RunResult> {
    return this.result(this.start({ language, code, ...options }));
  }

  /** What a started program does until its end. @throws When it is refused or the guest ends. */
  async result({ id, outcome }: Started): Promise<RunResult> {
    const report = await outcome;
    if (report.type === 'refused') throw new Error(`refused: ${report.message}`);
    return { ...this.#take(id), report };
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(id: number): Omit<RunResult, 'report'> {
    const output = this.#output.get(id) ?? [];
    this.#output.delete(id);
    const textOf = (parts: readonly Output[]) => Buffer.concat(parts.map(({ bytes }) => bytes)).toString();
    const groups: Output[][] = [];
    for (const part of output) {
      const last = groups.at(-1);
      if (last?.[0]?.stream === part.stream) last.push(part);
      else groups.push([part]);
    }
    return {
      stdout: textOf(output.filter(({ stream }) => stream === 'stdout')),
      stderr: textOf(output.filter(({ stream }) => stream === 'stderr')),
      chunks: groups.map((group) => ({ stream: group[0]?.stream ?? 'stdout', text: textOf(group) })),
    };
  }

  #next<M extends AgentMessage>(wants: (message: AgentMessage) => message is M): Promise<M>;
  #next<M extends AgentMessage>(wants: (message: AgentMessage) => boolean): Promise<M>;
  #next(wants: (message: AgentMessage) => boolean): Promise<AgentMessage> {
    const index = this.#messages.findIndex(wants);
    const [found] = index < 0 ? [] : this.#messages.splice(index, 1);
    if (found) return Promise.resolve(found);
    const { promise, resolve } = Promise.withResolvers<AgentMessage>();
    this.#waiting.push({ wants, give: resolve });
    return Promise.race([promise, this.#ended.promise]);
  }

  #receive(chunk: Uint8Array): void {
    for (const { kind, payload } of this.#decoder.push(chunk)) {
      if (kind === FrameKind.control) this.#deliver(JSON.parse(new TextDecoder().decode(payload)));
      else {
        const { runId, chunk: bytes } = decodeOutput(payload);
        this.#output.get(runId)?.push({ stream: kind === FrameKind.stdout ? 'stdout' : 'stderr', bytes });
      }
    }
  }

  #deliver(message: unknown): void {
    if (!Value.Check(AgentMessage, message)) throw new Error(`not a message: ${JSON.stringify(message)}`);
    const index = this.#waiting.findIndex(({ wants }) => wants(message));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.give(message);
    else this.#messages.push(message);
  }
}
