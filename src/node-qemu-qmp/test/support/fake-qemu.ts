import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A command as the peer receives it. */
export interface ReceivedCommand {
  readonly execute?: string;
  readonly 'exec-oob'?: string;
  readonly arguments?: unknown;
  readonly id: number;
}

export interface FakeQemuOptions {
  /** The line sent on connection, none for `null`; by default QEMU's greeting. */
  readonly greeting?: string | null;
  /** Whether `qmp_capabilities` is answered; by default it is, and tests only see the commands after it. */
  readonly negotiates?: boolean;
}

export const greeting = JSON.stringify({
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: '' }, capabilities: ['oob'] },
});

/** A scripted QMP server on a real Unix socket: the test decides what it says, and when. */
export class FakeQemu implements AsyncDisposable {
  readonly path: string;
  readonly #directory: string;
  readonly #server: Server;
  readonly #options: FakeQemuOptions;
  readonly #sockets = new Set<Socket>();
  readonly #received: ReceivedCommand[] = [];
  readonly #readers: ((command: ReceivedCommand) => void)[] = [];
  /** What the client sent to leave negotiation mode. */
  negotiation: ReceivedCommand | undefined;

  private constructor(directory: string, options: FakeQemuOptions) {
    this.#directory = directory;
    this.#options = options;
    this.path = join(directory, 'monitor');
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: FakeQemuOptions = {}): Promise<FakeQemu> {
    const peer = new FakeQemu(await mkdtemp(join(tmpdir(), 'fake-qmp-')), options);
    await peer.#listen();
    return peer;
  }

  /** A peer that does not listen yet, as QEMU right after its spawn. */
  static async startLater(
    options: FakeQemuOptions = {},
  ): Promise<{ peer: FakeQemu; listen: () => Promise<void> }> {
    const peer = new FakeQemu(await mkdtemp(join(tmpdir(), 'fake-qmp-')), options);
    return { peer, listen: () => peer.#listen() };
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** The next command in the order of arrival. */
  command(): Promise<ReceivedCommand> {
    const command = this.#received.shift();
    if (command !== undefined) return Promise.resolve(command);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  send(message: object): void {
    this.raw(`${JSON.stringify(message)}\n`);
  }

  /** Sends an event; `data` as QEMU does it, left out for an event without. */
  event(event: string, data?: object): void {
    this.send({ event, timestamp: { seconds: 1, microseconds: 2 }, ...(data === undefined ? {} : { data }) });
  }

  raw(bytes: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  /** Closes the connections, as a QEMU that exits. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true, force: true });
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // Line readers repeat their socket's errors, which are dealt with above.
    createInterface({ input: socket })
      .on('line', (line) => this.#receive(JSON.parse(line)))
      .on('error', () => {});
    const { greeting: line = greeting } = this.#options;
    if (line !== null) socket.write(`${line}\n`);
  }

  #receive(command: ReceivedCommand): void {
    if (command.execute === 'qmp_capabilities' && this.#options.negotiates !== false) {
      this.negotiation = command;
      this.send({ return: {}, id: command.id });
      return;
    }
    const reader = this.#readers.shift();
    if (reader === undefined) this.#received.push(command);
    else reader(command);
  }
}
