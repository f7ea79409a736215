/** The agent's end of the virtio-serial port to the host. */
import { constants, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeControl,
  FRAME_LIMIT,
  type Frame,
  FrameDecoder,
  FrameError,
} from '../../src/protocol/frame.ts';
import type { AgentMessage } from '../../src/protocol/messages.ts';
import { AGENT_PORT_NAME } from '../../src/protocol/version.ts';
import { readSome, writeSome } from './libc.ts';
import { type Loop, now, POLLHUP, POLLIN, POLLOUT, type Timer, type Watch } from './loop.ts';

const PORTS = '/sys/class/virtio-ports';
const READ_BYTES = 256 * 1024;
/** While no host is connected the port always reports a hang-up, so that it can only be looked at. */
const RECONNECT_MS = 20;

/** Device node of the agent's port. @throws When the machine has no such port. */
export function findPort(): string {
  for (const port of readdirSync(PORTS))
    if (readFileSync(join(PORTS, port, 'name'), 'utf8').trim() === AGENT_PORT_NAME) return join('/dev', port);
  throw new Error(`no virtio-serial port is named ${AGENT_PORT_NAME}`);
}

export type LinkEvents = {
  readonly onFrame: (frame: Frame) => void;
  /** The host left. Frames of another host may follow. */
  readonly onDisconnect: () => void;
  /** What was queued has been written. */
  readonly onDrained: () => void;
};

export class Link {
  readonly #fd: number;
  readonly #events: LinkEvents;
  readonly #watch: Watch;
  readonly #reconnect: Timer = { at: undefined, onTime: () => this.#poll(POLLIN) };
  readonly #input = new Uint8Array(READ_BYTES);
  /** Undefined after what is no frame: nothing of this host can be read any more. */
  #decoder: FrameDecoder | undefined = new FrameDecoder(FRAME_LIMIT.fromHost);
  #output: Uint8Array[] = [];
  #queuedBytes = 0;
  /** The mark of a host, until it is written. */
  #mark: Uint8Array | undefined;
  #connected = true;

  /** @param port Path of the port, or a descriptor that is open already. */
  constructor(loop: Loop, port: string | number, events: LinkEvents) {
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    this.#fd = typeof port === 'number' ? port : openSync(port, flags);
    this.#events = events;
    this.#watch = { fd: this.#fd, events: POLLIN, onReady: (ready) => this.#poll(ready) };
    loop.watch(this.#watch);
    loop.addTimer(this.#reconnect);
  }

  /** Bytes that wait for the host to take them. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Queues a frame; {@link flush} sends it. Without a host it is dropped. */
  queue(frame: Uint8Array): void {
    if (!this.#connected) return;
    this.#output.push(frame);
    this.#queuedBytes += frame.length;
  }

  send(message: AgentMessage): void {
    this.queue(encodeControl(message));
    this.flush();
  }

  /**
   * Drops what is queued and begins anew: a host that has just come can tell by `mark`, which only it knows, where what
   * was meant for another one ends. Whole frames follow.
   */
  restart(mark: Uint8Array): void {
    this.#mark = mark;
    this.#clear();
    this.flush();
  }

  /** Writes all that is queued, in as few writes as the port allows; the loop writes what does not fit now. */
  flush(): void {
    if (this.#output.length === 0) return;
    let bytes: Uint8Array =
      this.#output.length === 1 && this.#output[0] ? this.#output[0] : Buffer.concat(this.#output);
    while (bytes.length > 0) {
      const count = writeSome(this.#fd, bytes);
      if (count === 0) break;
      this.#mark = undefined;
      bytes = bytes.subarray(count);
    }
    this.#output = bytes.length > 0 ? [bytes] : [];
    this.#queuedBytes = bytes.length;
    // Once it waits for room it is told of it, whoever writes the rest: programs may wait for that.
    if (bytes.length > 0) this.#watch.events = POLLIN | POLLOUT;
  }

  #poll(ready: number): void {
    if (ready & POLLOUT) {
      this.flush();
      if (this.#queuedBytes === 0) {
        this.#watch.events = POLLIN;
        this.#events.onDrained();
      }
    }
    if ((ready & (POLLIN | POLLHUP)) === 0) return;
    const count = readSome(this.#fd, this.#input);
    if (count === 0) this.#disconnected();
    else {
      this.#connected = true;
      this.#reconnect.at = undefined;
      if (this.#watch.events === undefined) {
        this.#watch.events = POLLIN;
        this.flush();
      }
      this.#read(this.#input.subarray(0, count ?? 0));
    }
  }

  /** A host that died within a frame, unnoticed, makes one with the bytes of the next host: that one comes again. */
  #read(bytes: Uint8Array): void {
    try {
      for (const frame of this.#decoder?.push(bytes) ?? []) this.#events.onFrame(frame);
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof SyntaxError)) throw error;
      this.#decoder = undefined;
    }
  }

  #disconnected(): void {
    const wasConnected = this.#connected;
    this.#connected = false;
    this.#watch.events = undefined;
    this.#reconnect.at = now() + RECONNECT_MS;
    if (!wasConnected) return;
    this.#decoder = new FrameDecoder(FRAME_LIMIT.fromHost);
    this.#clear();
    this.#events.onDisconnect();
  }

  /**
   * Drops what is queued but a mark. That a host left may come to light when the next one has been read already, which
   * then waits for its mark; to any other it means nothing.
   */
  #clear(): void {
    this.#output = this.#mark ? [this.#mark] : [];
    this.#queuedBytes = this.#mark?.length ?? 0;
  }
}
