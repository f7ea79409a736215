import { createServer, type Server, type Socket } from 'node:net';
import {
  encodeControl,
  encodeFrame,
  encodeOutput,
  FRAME_LIMIT,
  FrameDecoder,
  FrameKind,
} from '../../src/protocol/frame.ts';
import { TempFolder } from './temp-folder.ts';

/** A guest's agent on a real Unix socket, for one link at a time: the test decides what it says, and when. */
export class ScriptedAgent implements AsyncDisposable {
  readonly path: string;
  /** Settles when the first host's end of the link is gone. */
  readonly ended: Promise<void>;
  readonly #folder: TempFolder;
  readonly #server: Server;
  /** Of the host that came last. */
  #socket: Promise<Socket>;
  readonly #received: unknown[] = [];
  readonly #readers: ((message: unknown) => void)[] = [];

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.path = folder.file('agent.sock');
    const accepted = Promise.withResolvers<Socket>();
    const ended = Promise.withResolvers<void>();
    this.#socket = accepted.promise;
    this.ended = ended.promise;
    this.#server = createServer((socket) => {
      const decoder = new FrameDecoder(FRAME_LIMIT.fromHost);
      socket.on('data', (chunk: Uint8Array) => this.#receive(decoder, chunk));
      // A host that drops a hostile agent resets the connection under it.
      socket.on('error', () => socket.destroy());
      socket.once('close', () => ended.resolve());
      accepted.resolve(socket);
      this.#socket = Promise.resolve(socket);
    });
  }

  static async start(): Promise<ScriptedAgent> {
    const agent = new ScriptedAgent(await TempFolder.create());
    await new Promise<void>((resolve, reject) => {
      agent.#server.once('error', reject);
      agent.#server.listen(agent.path, resolve);
    });
    return agent;
  }

  /** The next message of the host in the order of arrival. */
  next(): Promise<unknown> {
    if (this.#received.length > 0) return Promise.resolve(this.#received.shift());
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  send(message: object): Promise<void> {
    return this.raw(encodeControl(message));
  }

  /** A control frame with these bytes, JSON or not. */
  control(payload: string | Uint8Array): Promise<void> {
    return this.raw(encodeFrame(FrameKind.control, new Uint8Array(Buffer.from(payload))));
  }

  output(stream: 'stdout' | 'stderr', runId: number, chunk: string | Uint8Array): Promise<void> {
    return this.raw(encodeOutput(FrameKind[stream], runId, new Uint8Array(Buffer.from(chunk))));
  }

  async raw(bytes: Uint8Array): Promise<void> {
    (await this.#socket).write(bytes);
  }

  /** Reads nothing more. */
  async stall(): Promise<void> {
    (await this.#socket).pause();
  }

  /** Closes its end, as an agent whose guest is gone. */
  async hangUp(): Promise<void> {
    (await this.#socket).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    void this.#socket.then((socket) => socket.destroy());
    await closed;
    await this.#folder[Symbol.asyncDispose]();
  }

  #receive(decoder: FrameDecoder, chunk: Uint8Array): void {
    for (const { payload } of decoder.push(chunk)) {
      const message: unknown = JSON.parse(Buffer.from(payload).toString());
      const reader = this.#readers.shift();
      if (reader === undefined) this.#received.push(message);
      else reader(message);
    }
  }
}
